"""How histories kept elsewhere come in as dossiers (nhập hồ sơ; docs/import-ho-so.md)."""
