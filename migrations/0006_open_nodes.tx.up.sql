-- A worker asks again and again for the nodes of one walk that are ready or running: they are
-- few beside those that wait or are done. Building it locks nodes for as long as a scan of the
-- walks in progress takes.

CREATE INDEX nodes_open ON nodes (stack_id, traversal, state) WHERE state IN (1, 2);
