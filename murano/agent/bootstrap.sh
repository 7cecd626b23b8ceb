#!/bin/sh
# hearth-agent 1
HEARTH_AGENT_URL={{.URL}}
HEARTH_AGENT_TOKEN={{.Token}}
# Has this server carry out the execution plans of Murano that are offered to it: with curl and
# the shell alone. HEARTH_AGENT_DIR names the directory that it uses instead of
# /var/lib/hearth-agent; the agent then runs in the foreground. HEARTH_AGENT_PAUSE is how many
# seconds it waits after a failure.
(
set -eu
umask 077
dir=${HEARTH_AGENT_DIR:-/var/lib/hearth-agent}
mkdir -p "$dir"
printf '%s' "$HEARTH_AGENT_URL" >"$dir/url"
printf 'header = "Authorization: Bearer %s"\n' "$HEARTH_AGENT_TOKEN" >"$dir/curl"
cat >"$dir/agent" <<'HEARTH_AGENT'
{{.Agent}}HEARTH_AGENT
if [ -n "${HEARTH_AGENT_DIR:-}" ]; then
  exec /bin/sh "$dir/agent" "$dir"
fi
if [ -d /run/systemd/system ]; then
  cat >/etc/systemd/system/hearth-agent.service <<'HEARTH_AGENT'
[Unit]
Description=Execution plans of Murano
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/bin/sh /var/lib/hearth-agent/agent /var/lib/hearth-agent
Restart=on-failure
RestartSec=5
KillMode=process

[Install]
WantedBy=multi-user.target
HEARTH_AGENT
  chmod 0644 /etc/systemd/system/hearth-agent.service
  systemctl daemon-reload
  systemctl enable hearth-agent.service
  systemctl restart --no-block hearth-agent.service
else
  cat >"$dir/start" <<'HEARTH_AGENT'
#!/bin/sh
(
  until /bin/sh /var/lib/hearth-agent/agent /var/lib/hearth-agent; do sleep 5; done
) </dev/null >/dev/null 2>&1 &
HEARTH_AGENT
  chmod 0700 "$dir/start"
  if [ -d /var/lib/cloud/scripts/per-boot ]; then
    cp "$dir/start" /var/lib/cloud/scripts/per-boot/hearth-agent
  fi
  "$dir/start"
fi
)
