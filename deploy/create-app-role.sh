#!/bin/sh
# Run once by the postgres image when its volume is new: the application's limited role.
# It reads and writes rows; what even it may not do (rewrite events and audit) the migrations,
# which the owner runs, take back.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set=password="${APP_PASSWORD:?set POSTGRES_APP_PASSWORD}" <<'SQL'
CREATE ROLE motcua_app LOGIN PASSWORD :'password';
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO motcua_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO motcua_app;
SQL
