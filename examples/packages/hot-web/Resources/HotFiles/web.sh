#!/bin/sh
# Serves one page, and the owner's page behind a password.
set -eu
mkdir -p /srv/site/owner
printf '<h1>%s</h1>\n' '$title' >/srv/site/index.html
printf 'owner:%s\n' '$password' >/srv/site/.owner
cd /srv/site
exec busybox httpd -f -p 80
