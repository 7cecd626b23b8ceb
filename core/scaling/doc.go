// Package scaling is what the groups of alike members have in common that change their
// size or their members in batches: OS::Heat::AutoScalingGroup, OS::Heat::InstanceGroup,
// AWS::AutoScaling::AutoScalingGroup, and OS::Heat::ResourceGroup in part.
//
// A change of many members is a series of steps. The next step is always found from what
// the nested stack is by then, so that nothing is lost or done twice when a process dies
// between two of them, and so that a change that failed halfway goes on where it stopped.
package scaling
