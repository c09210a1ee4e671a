-- Gateways (configured connectors) and the versioned schemes that choose among them.
create table gateways (
  gateway_id integer primary key check (gateway_id > 0),
  name text not null,
  connector text not null,
  test_mode boolean not null,
  status text not null default 'active' check (status in ('active', 'draining', 'off', 'archived', 'misconfigured')),
  credentials_encrypted bytea not null,
  -- what merchants see as merchant_id and external_mid of original_data
  merchant_code text,
  merchant_account_id text not null,
  -- null = all the connector can
  methods text[],
  currencies text[],
  brands text[],
  issuer_countries text[],
  operations text[],
  amount_min_minor bigint,
  amount_max_minor bigint,
  priority integer not null default 0,
  failure_domain text,
  accept_late_success boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table routing_schemes (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  name text not null,
  kind text not null default 'payment' check (kind in ('payment', 'payout')),
  time_zone text not null default 'UTC',
  primary key (account_id, id)
);

create table routing_versions (
  account_id text collate "C" not null,
  scheme_id text collate "C" not null,
  number integer not null check (number > 0),
  kind text not null check (kind in ('payment', 'payout')),
  status text not null check (status in ('draft', 'published', 'archived')),
  scheme json not null,
  published_at timestamptz,
  primary key (account_id, scheme_id, number),
  foreign key (account_id, scheme_id) references routing_schemes (account_id, id)
);
-- One scheme of a kind is in force for an account.
create unique index routing_versions_published on routing_versions (account_id, kind) where status = 'published';
