#!/bin/sh
# Makes a database and its user, or gives the user another password.
# Usage: create-database.sh DATABASE USER, with the password in a file beside the script.
set -eu
database=$1
user=$2

as_postgres() { runuser -u postgres -- "$@"; }
found() { [ "$(as_postgres psql -tAc "$1")" = 1 ]; }

found "SELECT 1 FROM pg_roles WHERE rolname = '$user'" || as_postgres createuser "$user"
found "SELECT 1 FROM pg_database WHERE datname = '$database'" || as_postgres createdb -O "$user" "$database"
password=$(sed "s/'/''/g" password)
printf "ALTER ROLE \"%s\" PASSWORD '%s';\n" "$user" "$password" | as_postgres psql -qv ON_ERROR_STOP=1
