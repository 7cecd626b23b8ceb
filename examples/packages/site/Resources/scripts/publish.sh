#!/bin/sh
# Installs nginx and gives it page.html, which stands beside this script.
set -eu
if ! command -v nginx >/dev/null; then
  if command -v apt-get >/dev/null; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y nginx
  else
    dnf install -y nginx
  fi
fi
for root in /var/www/html /usr/share/nginx/html; do
  if [ -d "$root" ]; then
    install -m 644 page.html "$root/index.html"
  fi
done
systemctl enable --now nginx
