-- Since when the endpoint and key of a connection are in use, who put them there, and when a test of them last passed.
alter table provider_connections
  add column credentials_at timestamptz,
  add column credentials_by text,
  add column tested_at timestamptz;
