#!/bin/sh
# Installs PostgreSQL and has it listen to the other servers.
set -eu
if ! command -v psql >/dev/null; then
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install -y postgresql
fi
for dir in /etc/postgresql/*/main; do
  echo "listen_addresses = '*'" >"$dir/conf.d/listen.conf"
  grep -q '^host all all samenet' "$dir/pg_hba.conf" ||
    echo 'host all all samenet scram-sha-256' >>"$dir/pg_hba.conf"
done
systemctl restart postgresql
