"""Messages to people (tin nhắn, thông báo): an outbox; knows no dossier."""
