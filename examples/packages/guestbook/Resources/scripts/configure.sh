#!/bin/sh
# Installs the guest book and starts it with the configuration beside this script.
set -eu
if ! python3 -c 'import psycopg2' 2>/dev/null; then
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install -y python3-psycopg2
fi
id guestbook >/dev/null 2>&1 || useradd --system guestbook
install -D -m 644 guestbook.py /opt/guestbook/guestbook.py
install -D -m 640 -g guestbook guestbook.conf /etc/guestbook.conf
install -m 644 guestbook.service /etc/systemd/system/guestbook.service
systemctl daemon-reload
systemctl enable guestbook
systemctl restart guestbook
