#!/bin/sh
# Installs nginx, which serves /var/www/html.
set -eu
apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install -y nginx
systemctl enable --now nginx
