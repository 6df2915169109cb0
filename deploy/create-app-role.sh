#!/bin/sh
# Run once by the postgres image when its volume is new: the application's limited role.
# What it may do is granted by the migrations, which the owner runs.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set=password="${APP_PASSWORD:?set POSTGRES_APP_PASSWORD}" <<'SQL'
CREATE ROLE motcua_app LOGIN PASSWORD :'password';
SQL
