-- Merchant accounts, their keys and currency accounts. Every merchant-owned table starts its keys with account_id.
create table accounts (
  id text collate "C" primary key,
  name text not null,
  description text not null default '',
  icon text,
  website text,
  checkout_domain text,
  status text not null default 'new'
    check (status in ('new', 'active', 'inactive', 'moderation_requested', 'moderation_pending', 'archived')),
  organisation_id text not null,
  base_currency text not null,
  ledger_scheme text not null default 'simple' check (ledger_scheme in ('none', 'simple')),
  time_zone text not null default 'UTC',
  api_key_hash bytea,
  api_ip_allowlist text[] not null default '{}',
  callback_url text,
  return_urls json not null default '{}',
  options json not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- One pair of keys per mode. The public key is public; the private key signs callbacks and is stored encrypted.
create table account_keys (
  account_id text collate "C" not null references accounts (id),
  test_mode boolean not null,
  public_key text collate "C" not null,
  private_key_encrypted bytea not null,
  primary key (account_id, test_mode)
);
create index account_keys_public_key on account_keys (public_key);

create table currency_accounts (
  account_id text collate "C" not null references accounts (id),
  currency text not null,
  id text collate "C" not null,
  overdraft_limit_minor bigint not null default 0 check (overdraft_limit_minor >= 0),
  balance_lower_limit_minor bigint,
  primary key (account_id, currency)
);

create table customers (
  account_id text collate "C" not null,
  id text collate "C" not null,
  reference_id text not null,
  email text,
  name text,
  phone text,
  individual_tax_id text,
  date_of_birth date,
  address json,
  metadata json,
  payment_enabled boolean not null default true,
  payout_enabled boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, reference_id)
);
