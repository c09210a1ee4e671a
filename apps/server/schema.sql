-- All migrations together, for reading and review. Written by "npm run db:schema"; change it by a new migration.

create sequence shop_ids;
create table account_keys (
  account_id text collate "C" not null,
  test_mode boolean not null,
  public_key text collate "C" not null,
  private_key_encrypted bytea not null,
  constraint account_keys_pkey PRIMARY KEY (account_id, test_mode),
  constraint account_keys_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id)
);
create table account_payment_services (
  account_id text collate "C" not null,
  id text collate "C" not null,
  service text not null,
  test_mode boolean not null,
  active boolean default true not null,
  enabled boolean default true not null,
  amount_min_minor bigint,
  amount_max_minor bigint,
  fee_rate numeric(12,6) default 0 not null,
  fee_fix_minor bigint default 0 not null,
  fee_min_minor bigint default 0 not null,
  fee_max_minor bigint default 0 not null,
  reserve_rate numeric(12,6) default 0,
  reserve_lifetime_minutes integer default 0,
  created_at timestamp with time zone default now() not null,
  constraint account_payment_services_pkey PRIMARY KEY (account_id, id),
  constraint account_payment_services_account_id_service_test_mode_key UNIQUE (account_id, service, test_mode),
  constraint account_payment_services_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint account_payment_services_service_fkey FOREIGN KEY (service) REFERENCES payment_services(code),
  constraint account_payment_services_fee_rate_check CHECK (fee_rate >= 0::numeric AND fee_rate < 100::numeric)
);
create table accounts (
  id text collate "C" not null,
  name text not null,
  description text default ''::text not null,
  icon text,
  website text,
  checkout_domain text,
  status text default 'new'::text not null,
  organisation_id text not null,
  base_currency text not null,
  ledger_scheme text default 'simple'::text not null,
  time_zone text default 'UTC'::text not null,
  api_key_hash bytea,
  api_ip_allowlist text[] default '{}'::text[] not null,
  callback_url text,
  return_urls json default '{}'::json not null,
  options json default '{}'::json not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint accounts_pkey PRIMARY KEY (id),
  constraint accounts_ledger_scheme_check CHECK (ledger_scheme = ANY (ARRAY['none'::text, 'simple'::text])),
  constraint accounts_status_check CHECK (status = ANY (ARRAY['new'::text, 'active'::text, 'inactive'::text, 'moderation_requested'::text, 'moderation_pending'::text, 'archived'::text]))
);
create table appeal_messages (
  account_id text collate "C" not null,
  appeal_id text collate "C" not null,
  id text collate "C" not null,
  side text not null,
  author text not null,
  kind text not null,
  internal boolean not null,
  text text not null,
  ip text,
  created_at timestamp with time zone not null,
  constraint appeal_messages_pkey PRIMARY KEY (account_id, appeal_id, id),
  constraint appeal_messages_kind_check CHECK (kind = ANY (ARRAY['message'::text, 'verdict'::text, 'contest'::text, 'decision'::text])),
  constraint appeal_messages_side_check CHECK (side = ANY (ARRAY['merchant'::text, 'payer'::text, 'provider'::text, 'operator'::text, 'system'::text]))
);
create table appeal_settlements (
  account_id text collate "C" not null,
  appeal_id text collate "C" not null,
  payment_id text collate "C" not null,
  attempt_number integer not null,
  kind text not null,
  amount_minor bigint not null,
  processed_change_minor bigint not null,
  fee_change_minor bigint not null,
  reserved_change_minor bigint not null,
  reserve_released boolean not null,
  unallocated_change_minor bigint not null,
  created_at timestamp with time zone not null,
  constraint appeal_settlements_pkey PRIMARY KEY (account_id, appeal_id),
  constraint appeal_settlements_amount_minor_check CHECK (amount_minor > 0),
  constraint appeal_settlements_check CHECK (kind = 'corrected'::text OR processed_change_minor = 0 AND fee_change_minor = 0 AND reserved_change_minor = 0),
  constraint appeal_settlements_kind_check CHECK (kind = ANY (ARRAY['won'::text, 'corrected'::text, 'unallocated'::text]))
);
create table appeal_steps (
  account_id text collate "C" not null,
  appeal_id text collate "C" not null,
  number integer not null,
  act text not null,
  from_state text,
  to_state text not null,
  side text not null,
  by_name text not null,
  ip text,
  detail text,
  at timestamp with time zone not null,
  constraint appeal_steps_pkey PRIMARY KEY (account_id, appeal_id, number),
  constraint appeal_steps_side_check CHECK (side = ANY (ARRAY['merchant'::text, 'payer'::text, 'provider'::text, 'operator'::text, 'system'::text]))
);
create table appeals (
  account_id text collate "C" not null,
  id text collate "C" not null,
  version integer default 1 not null,
  payment_id text collate "C" not null,
  attempt_id text collate "C" not null,
  attempt_number integer not null,
  provider_id text collate "C" not null,
  gateway_id integer not null,
  test_mode boolean not null,
  number smallint not null,
  state text not null,
  reason text not null,
  currency text not null,
  original_minor bigint not null,
  amount_minor bigint not null,
  settlement_minor bigint not null,
  freeze_minor bigint not null,
  comment text not null,
  receipt_id text collate "C" not null,
  opened_side text not null,
  opened_by text not null,
  payment_reference text not null,
  appeal_reference text,
  opened_at timestamp with time zone not null,
  submitted_at timestamp with time zone,
  verdict_at timestamp with time zone,
  arbitration_at timestamp with time zone,
  closed_at timestamp with time zone,
  updated_at timestamp with time zone not null,
  promised_at timestamp with time zone not null,
  deadline_at timestamp with time zone,
  remind_at timestamp with time zone,
  check_at timestamp with time zone,
  send text,
  send_at timestamp with time zone,
  send_tries smallint default 0 not null,
  create_undelivered boolean default false not null,
  close_undelivered boolean default false not null,
  refused_text text,
  rejection text,
  rejection_text text,
  amount_seen_minor bigint,
  confirm_proposed_by text,
  decided_by text,
  close_note text,
  due_at timestamp with time zone generated always as (LEAST(send_at, remind_at, check_at,
CASE
    WHEN (state <> 'arbitration'::text) THEN deadline_at
    ELSE NULL::timestamp with time zone
END)) stored,
  leased_until timestamp with time zone,
  payer_locale text,
  constraint appeals_pkey PRIMARY KEY (account_id, id),
  constraint appeals_account_id_payment_id_number_key UNIQUE (account_id, payment_id, number),
  constraint appeals_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint appeals_amount_seen_minor_check CHECK (amount_seen_minor > 0),
  constraint appeals_check CHECK (amount_minor > 0 AND amount_minor <= (10 * original_minor)),
  constraint appeals_check1 CHECK ((closed_at IS NULL) = (state <> ALL (ARRAY['confirmed'::text, 'cancelled'::text]))),
  constraint appeals_check2 CHECK ((close_note IS NULL) = (closed_at IS NULL)),
  constraint appeals_check3 CHECK (rejection IS DISTINCT FROM 'amount_differs'::text OR amount_seen_minor IS NOT NULL),
  constraint appeals_check4 CHECK (decided_by IS DISTINCT FROM confirm_proposed_by OR decided_by IS NULL OR state <> 'confirmed'::text),
  constraint appeals_close_note_check CHECK (close_note = ANY (ARRAY['accepted'::text, 'decided'::text, 'withdrawn'::text, 'not_contested'::text, 'amount_accepted'::text, 'resolved_by_success'::text])),
  constraint appeals_number_check CHECK (number >= 1 AND number <= 3),
  constraint appeals_opened_side_check CHECK (opened_side = ANY (ARRAY['merchant'::text, 'payer'::text, 'operator'::text])),
  constraint appeals_original_minor_check CHECK (original_minor > 0),
  constraint appeals_payer_locale_check CHECK (payer_locale = ANY (ARRAY['en'::text, 'ru'::text, 'uk'::text])),
  constraint appeals_reason_check CHECK (reason = ANY (ARRAY['not_credited'::text, 'wrong_amount'::text])),
  constraint appeals_rejection_check CHECK (rejection = ANY (ARRAY['payment_not_found'::text, 'amount_differs'::text, 'wrong_requisites'::text, 'already_credited'::text, 'receipt_invalid'::text, 'other'::text])),
  constraint appeals_send_check CHECK (send = ANY (ARRAY['create'::text, 'confirm'::text, 'cancel'::text])),
  constraint appeals_state_check CHECK (state = ANY (ARRAY['opened'::text, 'submitted'::text, 'accepted'::text, 'rejected'::text, 'arbitration'::text, 'confirmed'::text, 'cancelled'::text]))
);
create table attempts (
  account_id text collate "C" not null,
  payment_id text collate "C" not null,
  number integer not null,
  id text collate "C" not null,
  gateway_id integer not null,
  connector text not null,
  reference text not null,
  test_mode boolean not null,
  status text not null,
  amount_minor bigint not null,
  currency text not null,
  winner boolean default false not null,
  late_approval boolean default false not null,
  approved_amount_minor bigint,
  class text,
  signals json,
  resolution text,
  provider_reference text,
  action json,
  detail text,
  decision text,
  reversal_status text,
  lookups integer default 0 not null,
  not_found_count integer default 0 not null,
  not_found_at timestamp with time zone,
  sent_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  card_facts json,
  constraint attempts_pkey PRIMARY KEY (account_id, payment_id, number),
  constraint attempts_number_check CHECK (number > 0),
  constraint attempts_reversal_status_check CHECK (reversal_status = ANY (ARRAY['needed'::text, 'sent'::text, 'unknown'::text, 'done'::text, 'failed'::text])),
  constraint attempts_status_check CHECK (status = ANY (ARRAY['sent'::text, 'incomplete'::text, 'unknown'::text, 'orphaned'::text, 'approved'::text, 'declined'::text, 'not_sent'::text, 'expired'::text, 'cancelled'::text, 'reversed'::text]))
);
create table auth_account (
  id text collate "C" not null,
  account_id text not null,
  kind text not null,
  user_id text collate "C" not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  password text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint auth_account_pkey PRIMARY KEY (id),
  constraint auth_account_user_id_kind_key UNIQUE (user_id, kind),
  constraint auth_account_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_user(id) ON DELETE CASCADE
);
create table auth_session (
  id text collate "C" not null,
  expires_at timestamp with time zone not null,
  token text collate "C" not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  ip_address text,
  user_agent text,
  user_id text collate "C" not null,
  constraint auth_session_pkey PRIMARY KEY (id),
  constraint auth_session_token_key UNIQUE (token),
  constraint auth_session_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_user(id) ON DELETE CASCADE
);
create table auth_user (
  id text collate "C" not null,
  name text not null,
  email text not null,
  email_verified boolean not null,
  image text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint auth_user_pkey PRIMARY KEY (id),
  constraint auth_user_email_key UNIQUE (email)
);
create table auth_verification (
  id text collate "C" not null,
  identifier text not null,
  value text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint auth_verification_pkey PRIMARY KEY (id)
);
create table callback_attempts (
  account_id text collate "C" not null,
  event_id text collate "C" not null,
  manual boolean not null,
  number integer not null,
  url text not null,
  response_code integer,
  error text,
  duration_ms integer not null,
  created_at timestamp with time zone not null,
  response_text text,
  constraint callback_attempts_pkey PRIMARY KEY (account_id, event_id, manual, number),
  constraint callback_attempts_number_check CHECK (number > 0)
);
create table callback_events (
  account_id text collate "C" not null,
  id text collate "C" not null,
  subject_id text collate "C" not null,
  test_mode boolean not null,
  url text not null,
  origin text not null,
  body text,
  subject_status text not null,
  status text default 'queued'::text not null,
  attempts integer default 0 not null,
  manual_attempts integer default 0 not null,
  response_code integer,
  processed_at timestamp with time zone,
  created_at timestamp with time zone not null,
  due_at timestamp with time zone,
  leased_until timestamp with time zone,
  in_line boolean default false not null,
  resend boolean default false not null,
  shop_id integer,
  constraint callback_events_pkey PRIMARY KEY (account_id, id),
  constraint callback_events_status_check CHECK (status = ANY (ARRAY['queued'::text, 'done'::text, 'failed'::text]))
);
create table card_latest (
  account_id text collate "C" not null,
  likeness text collate "C" not null,
  uid text collate "C" not null,
  created_at timestamp with time zone not null,
  constraint card_latest_pkey PRIMARY KEY (account_id, likeness)
);
create table card_request_ids (
  account_id text collate "C" not null,
  shop_id integer not null,
  path text not null,
  request_id text not null,
  body_hash bytea not null,
  made text collate "C" not null,
  created_at timestamp with time zone not null,
  constraint card_request_ids_pkey PRIMARY KEY (account_id, shop_id, path, request_id)
);
create table card_tokens (
  account_id text collate "C" not null,
  token text collate "C" not null,
  test_mode boolean not null,
  customer_id text collate "C",
  gateway_id integer not null,
  provider_token_encrypted bytea not null,
  card json not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  fingerprint text collate "C",
  constraint card_tokens_pkey PRIMARY KEY (account_id, token)
);
create table card_transactions (
  account_id text collate "C" not null,
  uid text collate "C" not null,
  shop_id integer not null,
  type text not null,
  payment_id text collate "C" not null,
  operation_id text collate "C",
  parent_uid text collate "C",
  tracking_id text,
  api_version smallint not null,
  binding_id text collate "C",
  cascade_mode text not null,
  stamp text,
  request json not null,
  created_at timestamp with time zone not null,
  constraint card_transactions_pkey PRIMARY KEY (account_id, uid),
  constraint card_transactions_api_version_check CHECK (api_version = ANY (ARRAY[2, 3])),
  constraint card_transactions_cascade_mode_check CHECK (cascade_mode = ANY (ARRAY['none'::text, 'merchant'::text, 'automatic'::text])),
  constraint card_transactions_type_check CHECK (type = ANY (ARRAY['payment'::text, 'authorization'::text, 'capture'::text, 'void'::text, 'refund'::text]))
);
create table cascade_settings (
  owner text collate "C" not null,
  version integer not null,
  settings json not null,
  changed_by text not null,
  changed_at timestamp with time zone not null,
  constraint cascade_settings_pkey PRIMARY KEY (owner, version),
  constraint cascade_settings_version_check CHECK (version > 0)
);
create table connection_pauses (
  gateway_id integer not null,
  scope text not null,
  value text not null,
  until timestamp with time zone not null,
  constraint connection_pauses_pkey PRIMARY KEY (gateway_id, scope, value),
  constraint connection_pauses_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES gateways(gateway_id),
  constraint connection_pauses_scope_check CHECK (scope = ANY (ARRAY['gateway'::text, 'amount'::text, 'method'::text, 'currency'::text]))
);
create table connection_skips (
  gateway_id integer not null,
  reason text not null,
  hour timestamp with time zone not null,
  payments integer not null,
  constraint connection_skips_pkey PRIMARY KEY (gateway_id, reason, hour)
);
create table currencies (
  code text not null,
  name text not null,
  exponent smallint not null,
  kind text default 'fiat'::text not null,
  constraint currencies_pkey PRIMARY KEY (code),
  constraint currencies_exponent_check CHECK (exponent >= 0 AND exponent <= 12),
  constraint currencies_kind_check CHECK (kind = ANY (ARRAY['fiat'::text, 'crypto'::text, 'virtual'::text]))
);
create table currency_accounts (
  account_id text collate "C" not null,
  currency text not null,
  id text collate "C" not null,
  overdraft_limit_minor bigint default 0 not null,
  balance_lower_limit_minor bigint,
  constraint currency_accounts_pkey PRIMARY KEY (account_id, currency),
  constraint currency_accounts_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint currency_accounts_overdraft_limit_minor_check CHECK (overdraft_limit_minor >= 0)
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
  payment_enabled boolean default true not null,
  payout_enabled boolean default true not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint customers_pkey PRIMARY KEY (account_id, id),
  constraint customers_account_id_reference_id_key UNIQUE (account_id, reference_id)
);
create table exchange_rates (
  account_id text collate "C" not null,
  from_currency text not null,
  to_currency text not null,
  rate numeric(30,12) not null,
  constraint exchange_rates_pkey PRIMARY KEY (account_id, from_currency, to_currency),
  constraint exchange_rates_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint exchange_rates_from_currency_fkey FOREIGN KEY (from_currency) REFERENCES currencies(code),
  constraint exchange_rates_to_currency_fkey FOREIGN KEY (to_currency) REFERENCES currencies(code),
  constraint exchange_rates_rate_check CHECK (rate > 0::numeric)
);
create table gateway_breaker_changes (
  gateway_id integer not null,
  method text collate "C" not null,
  version integer not null,
  from_state text not null,
  to_state text not null,
  open_until timestamp with time zone,
  changed_by text not null,
  changed_at timestamp with time zone not null,
  constraint gateway_breaker_changes_pkey PRIMARY KEY (gateway_id, method, version)
);
create table gateway_breakers (
  gateway_id integer not null,
  method text collate "C" not null,
  version integer default 1 not null,
  state text not null,
  open_until timestamp with time zone,
  pause_s integer not null,
  healthy_probes integer default 0 not null,
  probe_at timestamp with time zone,
  probe_by text collate "C",
  probe_until timestamp with time zone,
  counted_from timestamp with time zone,
  changed_at timestamp with time zone not null,
  constraint gateway_breakers_pkey PRIMARY KEY (gateway_id, method),
  constraint gateway_breakers_check CHECK ((state = 'open'::text) = (open_until IS NOT NULL)),
  constraint gateway_breakers_healthy_probes_check CHECK (healthy_probes >= 0),
  constraint gateway_breakers_pause_s_check CHECK (pause_s > 0),
  constraint gateway_breakers_state_check CHECK (state = ANY (ARRAY['closed'::text, 'open'::text, 'held'::text]))
);
create table gateway_results (
  gateway_id integer not null,
  method text collate "C" not null,
  counted_at timestamp with time zone not null,
  failures integer not null,
  healthy integer not null,
  constraint gateway_results_failures_check CHECK (failures >= 0),
  constraint gateway_results_healthy_check CHECK (healthy >= 0)
);
create table gateway_tariffs (
  gateway_id integer not null,
  valid_from timestamp with time zone not null,
  currency text not null,
  rate_percent numeric(9,6) not null,
  fix_minor bigint not null,
  min_minor bigint,
  max_minor bigint,
  constraint gateway_tariffs_pkey PRIMARY KEY (gateway_id, valid_from),
  constraint gateway_tariffs_check CHECK (max_minor >= min_minor),
  constraint gateway_tariffs_fix_minor_check CHECK (fix_minor >= 0),
  constraint gateway_tariffs_min_minor_check CHECK (min_minor >= 0),
  constraint gateway_tariffs_rate_percent_check CHECK (rate_percent >= 0::numeric)
);
create table gateways (
  gateway_id integer not null,
  name text not null,
  connector text not null,
  test_mode boolean not null,
  status text default 'active'::text not null,
  credentials_encrypted bytea not null,
  merchant_code text,
  merchant_account_id text not null,
  methods text[],
  currencies text[],
  brands text[],
  issuer_countries text[],
  operations text[],
  amount_min_minor bigint,
  amount_max_minor bigint,
  priority integer default 0 not null,
  failure_domain text,
  accept_late_success boolean default false not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  breaker json,
  constraint gateways_pkey PRIMARY KEY (gateway_id),
  constraint gateways_gateway_id_check CHECK (gateway_id > 0),
  constraint gateways_status_check CHECK (status = ANY (ARRAY['active'::text, 'draining'::text, 'off'::text, 'archived'::text, 'misconfigured'::text]))
);
create table ledger_balances (
  account_id text collate "C" not null,
  test_mode boolean not null,
  currency text not null,
  purpose text collate "C" not null,
  debits_posted_minor numeric(38,0) default 0 not null,
  credits_posted_minor numeric(38,0) default 0 not null,
  debits_pending_minor numeric(38,0) default 0 not null,
  credits_pending_minor numeric(38,0) default 0 not null,
  updated_at timestamp with time zone default now() not null,
  constraint ledger_balances_pkey PRIMARY KEY (account_id, test_mode, currency, purpose)
);
create table ledger_transfers (
  account_id text collate "C" not null,
  id text collate "C" not null,
  test_mode boolean not null,
  currency text not null,
  debit text collate "C" not null,
  credit text collate "C" not null,
  amount_minor bigint not null,
  kind text not null,
  pending_id text collate "C",
  code text not null,
  reference text collate "C" not null,
  subject_id text collate "C" not null,
  created_at timestamp with time zone not null,
  constraint ledger_transfers_pkey PRIMARY KEY (account_id, id),
  constraint ledger_transfers_once UNIQUE (account_id, reference, code),
  constraint ledger_transfers_hold FOREIGN KEY (account_id, pending_id) REFERENCES ledger_transfers(account_id, id),
  constraint ledger_transfers_amount_minor_check CHECK (amount_minor > 0),
  constraint ledger_transfers_check CHECK (debit <> credit),
  constraint ledger_transfers_check1 CHECK ((kind = ANY (ARRAY['post'::text, 'void'::text])) = (pending_id IS NOT NULL)),
  constraint ledger_transfers_kind_check CHECK (kind = ANY (ARRAY['posted'::text, 'pending'::text, 'post'::text, 'void'::text]))
);
create table ledger_unfolded (
  account_id text collate "C" not null,
  transfer_id text collate "C" not null,
  test_mode boolean not null,
  currency text not null,
  debit text collate "C" not null,
  credit text collate "C" not null,
  amount_minor bigint not null,
  kind text not null,
  constraint ledger_unfolded_pkey PRIMARY KEY (account_id, transfer_id)
);
create table mails (
  account_id text collate "C" not null,
  id text collate "C" not null,
  subject_id text collate "C" not null,
  audience text not null,
  recipient text,
  title text,
  body text,
  status text default 'queued'::text not null,
  attempts integer default 0 not null,
  last_error text,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  due_at timestamp with time zone,
  leased_until timestamp with time zone,
  requeued_at timestamp with time zone,
  constraint mails_pkey PRIMARY KEY (account_id, id),
  constraint mails_audience_check CHECK (audience = ANY (ARRAY['merchant'::text, 'payer'::text, 'provider'::text, 'operator'::text])),
  constraint mails_check CHECK ((due_at IS NULL) = (status <> 'queued'::text)),
  constraint mails_check1 CHECK ((ended_at IS NULL) = (status = 'queued'::text)),
  constraint mails_check2 CHECK (status <> 'queued'::text OR recipient IS NOT NULL AND title IS NOT NULL AND body IS NOT NULL),
  constraint mails_status_check CHECK (status = ANY (ARRAY['queued'::text, 'sent'::text, 'failed'::text]))
);
create table network_blocks (
  account_id text collate "C" not null,
  id text collate "C" not null,
  scope text not null,
  fingerprint text collate "C" not null,
  amount_minor bigint not null,
  currency text not null,
  test_key text collate "C" not null,
  payment_id text collate "C" not null,
  attempt_number integer not null,
  reason text not null,
  ends_at timestamp with time zone,
  lifted_at timestamp with time zone,
  lifted_by text,
  lifted_because text,
  created_at timestamp with time zone not null,
  constraint network_blocks_pkey PRIMARY KEY (account_id, id),
  constraint network_blocks_check CHECK ((lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lifted_because IS NULL)),
  constraint network_blocks_scope_check CHECK (scope = ANY (ARRAY['card'::text, 'amount'::text, 'recurring'::text, 'recurring_all'::text, 'wait'::text]))
);
create table network_counts (
  account_id text collate "C" not null,
  fingerprint text collate "C" not null,
  test_key text collate "C" not null,
  seq integer not null,
  attempt_id text collate "C" not null,
  network text not null,
  amount_minor bigint not null,
  currency text not null,
  state text not null,
  counted_at timestamp with time zone not null,
  constraint network_counts_pkey PRIMARY KEY (account_id, fingerprint, test_key, seq),
  constraint network_counts_seq_check CHECK (seq > 0),
  constraint network_counts_state_check CHECK (state = ANY (ARRAY['open'::text, 'declined'::text, 'free'::text]))
);
create table operations (
  account_id text collate "C" not null,
  payment_id text collate "C" not null,
  id text collate "C" not null,
  version integer default 1 not null,
  reference_id text not null,
  amount_minor bigint not null,
  returned_fee_minor bigint default 0 not null,
  currency text not null,
  provider_amount_minor bigint not null,
  provider_currency text not null,
  description text,
  status text not null,
  resolution text default 'ok'::text not null,
  gateway_id integer not null,
  attempt_number integer not null,
  provider_reference text,
  detail text,
  lookups integer default 0 not null,
  created_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  due_at timestamp with time zone,
  leased_until timestamp with time zone,
  kind text not null,
  capture_id text collate "C",
  final boolean default false not null,
  held_minor bigint,
  fee_minor bigint,
  reserved_minor bigint,
  signals json,
  card_facts json,
  constraint operations_pkey PRIMARY KEY (account_id, payment_id, id),
  constraint refunds_account_id_payment_id_reference_id_key UNIQUE (account_id, payment_id, reference_id),
  constraint operations_kind_check CHECK (kind = ANY (ARRAY['refund'::text, 'capture'::text, 'void'::text])),
  constraint refunds_amount_minor_check CHECK (amount_minor > 0),
  constraint refunds_provider_amount_minor_check CHECK (provider_amount_minor > 0),
  constraint refunds_returned_fee_minor_check CHECK (returned_fee_minor >= 0),
  constraint refunds_status_check CHECK (status = ANY (ARRAY['sent'::text, 'unknown'::text, 'done'::text, 'failed'::text]))
);
create table payment_methods (
  code text not null,
  category text not null,
  description text default ''::text not null,
  name json not null,
  logo text not null,
  icon text not null,
  constraint payment_methods_pkey PRIMARY KEY (code)
);
create table payment_services (
  code text not null,
  method text not null,
  flow text not null,
  currency text not null,
  fields json default '[]'::json not null,
  amount_min_minor bigint not null,
  amount_max_minor bigint not null,
  constraint payment_services_pkey PRIMARY KEY (code),
  constraint payment_services_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(code),
  constraint payment_services_method_fkey FOREIGN KEY (method) REFERENCES payment_methods(code),
  constraint payment_services_flow_check CHECK (flow = ANY (ARRAY['hpp'::text, 'invoice'::text, 'test'::text]))
);
create table payments (
  account_id text collate "C" not null,
  id text collate "C" not null,
  version integer default 1 not null,
  reference_id text not null,
  test_mode boolean not null,
  status text not null,
  resolution text default 'ok'::text not null,
  payment_flow text not null,
  source text not null,
  amount_minor bigint not null,
  currency text not null,
  payment_amount_minor bigint not null,
  fee_minor bigint not null,
  deposit_minor bigint not null,
  terms json not null,
  service text,
  service_method text,
  service_flow text,
  service_currency text,
  service_amount_minor bigint,
  payment_service_amount_minor bigint,
  exchange_rate numeric(30,12),
  service_fields json default '{}'::json not null,
  processed_at timestamp with time zone,
  processed_amount_minor bigint,
  processed_fee_minor bigint,
  processed_deposit_minor bigint,
  refunded_amount_minor bigint,
  refunded_fee_minor bigint,
  refunded_at timestamp with time zone,
  charged_back_amount_minor bigint,
  reserved_amount_minor bigint,
  reserve_expires_at timestamp with time zone,
  unreserved boolean,
  metadata json,
  description text,
  descriptor text,
  customer_id text,
  customer json,
  callback_url text,
  return_url text,
  return_urls json,
  gateway_options json,
  options json,
  session_id text collate "C",
  flow_data json,
  payload json,
  original_data json not null,
  rrn text,
  approval_code text,
  payment_status text,
  payer_acted_at timestamp with time zone,
  submitted_at timestamp with time zone,
  submissions integer default 0 not null,
  routing_runs integer default 0 not null,
  scheme_version text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  due_at timestamp with time zone,
  leased_until timestamp with time zone,
  card_token text collate "C",
  authorized_amount_minor bigint,
  voided_amount_minor bigint,
  unified_code text,
  card_fingerprint text collate "C",
  constraint payments_pkey PRIMARY KEY (account_id, id),
  constraint payments_reference UNIQUE (account_id, test_mode, reference_id),
  constraint payments_amount_minor_check CHECK (amount_minor > 0),
  constraint payments_payment_amount_minor_check CHECK (payment_amount_minor >= 0),
  constraint payments_payment_flow_check CHECK (payment_flow = ANY (ARRAY['charge'::text, 'verify'::text, 'authorize'::text])),
  constraint payments_processed_within_amount CHECK (processed_amount_minor IS NULL OR processed_amount_minor = (processed_fee_minor + processed_deposit_minor + COALESCE(reserved_amount_minor, 0::bigint))),
  constraint payments_refunded_within_processed CHECK (COALESCE(refunded_amount_minor, 0::bigint) <= COALESCE(processed_amount_minor, 0::bigint)),
  constraint payments_taken_within_hold CHECK (authorized_amount_minor IS NULL OR (COALESCE(processed_amount_minor, 0::bigint) + COALESCE(voided_amount_minor, 0::bigint)) <= authorized_amount_minor)
);
create table payout_methods (
  code text not null,
  category text not null,
  description text default ''::text not null,
  name json not null,
  logo text not null,
  icon text not null,
  constraint payout_methods_pkey PRIMARY KEY (code)
);
create table payout_services (
  code text not null,
  method text not null,
  currency text not null,
  fields json default '[]'::json not null,
  amount_min_minor bigint not null,
  amount_max_minor bigint not null,
  constraint payout_services_pkey PRIMARY KEY (code),
  constraint payout_services_currency_fkey FOREIGN KEY (currency) REFERENCES currencies(code),
  constraint payout_services_method_fkey FOREIGN KEY (method) REFERENCES payout_methods(code)
);
create table provider_alarms (
  provider_id text collate "C" not null,
  test_mode boolean not null,
  level text not null,
  changed_at timestamp with time zone not null,
  constraint provider_alarms_pkey PRIMARY KEY (provider_id, test_mode),
  constraint provider_alarms_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint provider_alarms_level_check CHECK (level = ANY (ARRAY['fine'::text, 'low'::text, 'empty'::text, 'overdrawn'::text]))
);
create table provider_audit (
  provider_id text collate "C" not null,
  id bigint generated always as identity not null,
  at timestamp with time zone not null,
  person text not null,
  action text not null,
  detail json not null,
  ip text,
  constraint provider_audit_pkey PRIMARY KEY (provider_id, id),
  constraint provider_audit_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id)
);
create table provider_calls (
  id text collate "C" not null,
  provider_id text collate "C" not null,
  gateway_id integer not null,
  attempt_id text collate "C",
  event text not null,
  at timestamp with time zone not null,
  ms integer not null,
  http_status smallint,
  request json not null,
  answer text,
  reading text not null,
  constraint provider_calls_pkey PRIMARY KEY (id)
);
create table provider_cases (
  id text collate "C" not null,
  provider_id text collate "C" not null,
  account_id text collate "C" not null,
  payment_id text collate "C" not null,
  attempt_id text collate "C" not null,
  kind text not null,
  detail text not null,
  opened_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  closed_by text,
  note text,
  constraint provider_cases_pkey PRIMARY KEY (id),
  constraint provider_cases_attempt_id_kind_key UNIQUE (attempt_id, kind),
  constraint provider_cases_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint provider_cases_kind_check CHECK (kind = ANY (ARRAY['unexpected_appeal'::text, 'provider_lost_payment'::text, 'status_regression'::text, 'late_success'::text, 'double_success'::text, 'orphan_success'::text, 'appeal_close_refused'::text, 'appeal_on_terminated'::text, 'duplicate_reference'::text, 'cancel_undelivered'::text]))
);
create table provider_connections (
  gateway_id integer not null,
  provider_id text collate "C" not null,
  finalise_grace_s smallint default 90 not null,
  supports_idempotency_key boolean default false not null,
  request_gap_ms integer default 0 not null,
  rate_source text,
  rate_margin_percent numeric(8,4) default 0 not null,
  limits json default '{}'::json not null,
  misconfigured_at timestamp with time zone,
  misconfigured_reason text,
  pending_encrypted bytea,
  pending_at timestamp with time zone,
  pending_by text,
  updated_at timestamp with time zone,
  credentials_at timestamp with time zone,
  credentials_by text,
  tested_at timestamp with time zone,
  constraint provider_connections_pkey PRIMARY KEY (gateway_id),
  constraint provider_connections_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES gateways(gateway_id),
  constraint provider_connections_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint provider_connections_finalise_grace_s_check CHECK (finalise_grace_s >= 0 AND finalise_grace_s <= 110),
  constraint provider_connections_rate_margin_percent_check CHECK (rate_margin_percent > '-100'::integer::numeric),
  constraint provider_connections_request_gap_ms_check CHECK (request_gap_ms >= 0)
);
create table provider_corrections (
  provider_id text collate "C" not null,
  id text collate "C" not null,
  test_mode boolean not null,
  currency text not null,
  change_minor bigint not null,
  reason text not null,
  status text not null,
  requested_by text not null,
  decided_by text,
  note text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint provider_corrections_pkey PRIMARY KEY (provider_id, id),
  constraint provider_corrections_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint provider_corrections_change_minor_check CHECK (change_minor <> 0),
  constraint provider_corrections_check CHECK ((status = 'requested'::text) = (decided_by IS NULL)),
  constraint provider_corrections_check1 CHECK (status <> 'approved'::text OR decided_by <> requested_by),
  constraint provider_corrections_status_check CHECK (status = ANY (ARRAY['requested'::text, 'approved'::text, 'rejected'::text]))
);
create table provider_destinations (
  provider_id text collate "C" not null,
  id text collate "C" not null,
  label text not null,
  address_encrypted bytea not null,
  saved_by text not null,
  created_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  constraint provider_destinations_pkey PRIMARY KEY (provider_id, id),
  constraint provider_destinations_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id)
);
create table provider_events (
  id text collate "C" not null,
  gateway_id integer not null,
  headers json not null,
  body text not null,
  status text default 'received'::text not null,
  detail text,
  tries integer default 0 not null,
  received_at timestamp with time zone not null,
  handled_at timestamp with time zone,
  due_at timestamp with time zone,
  leased_until timestamp with time zone,
  constraint provider_events_pkey PRIMARY KEY (id),
  constraint provider_events_status_check CHECK (status = ANY (ARRAY['received'::text, 'handled'::text, 'refused'::text, 'failed'::text]))
);
create table provider_payments (
  account_id text collate "C" not null,
  attempt_id text collate "C" not null,
  payment_id text collate "C" not null,
  attempt_number integer not null,
  provider_id text collate "C" not null,
  gateway_id integer not null,
  test_mode boolean not null,
  method text not null,
  state text not null,
  currency text not null,
  amount_minor bigint not null,
  rate numeric(30,12) not null,
  settlement_minor bigint not null,
  provider_reference text,
  bank text,
  requisites_encrypted bytea,
  owner_mask text,
  number_mask text,
  reason text,
  reason_text text,
  answer_ms integer,
  requested_at timestamp with time zone not null,
  issued_at timestamp with time zone,
  expires_at timestamp with time zone,
  finalise_at timestamp with time zone,
  ended_at timestamp with time zone,
  paid_at timestamp with time zone,
  claimed_at timestamp with time zone,
  late boolean default false not null,
  orphan boolean default false not null,
  poll_at timestamp with time zone,
  polls integer default 0 not null,
  poll_errors integer default 0 not null,
  not_found_since timestamp with time zone,
  polled_at timestamp with time zone,
  cancel_at timestamp with time zone,
  cancel_tries integer default 0 not null,
  cancel_status text,
  due_at timestamp with time zone generated always as (LEAST(poll_at, cancel_at)) stored,
  leased_until timestamp with time zone,
  not_found_count smallint default 0 not null,
  constraint provider_payments_pkey PRIMARY KEY (account_id, attempt_id),
  constraint provider_payments_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint provider_payments_amount_minor_check CHECK (amount_minor > 0),
  constraint provider_payments_cancel_status_check CHECK (cancel_status = ANY (ARRAY['needed'::text, 'delivered'::text, 'declined'::text, 'undelivered'::text])),
  constraint provider_payments_method_check CHECK (method = ANY (ARRAY['card'::text, 'sbp'::text, 'account'::text])),
  constraint provider_payments_state_check CHECK (state = ANY (ARRAY['requested'::text, 'issued'::text, 'success'::text, 'refused'::text, 'violation'::text, 'not_sent'::text, 'unknown'::text, 'failed'::text, 'expired'::text, 'cancelled'::text]))
);
create table provider_people (
  user_id text collate "C" not null,
  provider_id text collate "C" not null,
  role text not null,
  active boolean default true not null,
  added_by text not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint provider_people_pkey PRIMARY KEY (user_id),
  constraint provider_people_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint provider_people_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_user(id),
  constraint provider_people_role_check CHECK (role = ANY (ARRAY['owner'::text, 'trading'::text, 'finance'::text, 'viewer'::text]))
);
create table provider_rates (
  source text not null,
  from_currency text not null,
  to_currency text not null,
  rate numeric(30,12) not null,
  as_of timestamp with time zone,
  constraint provider_rates_pkey PRIMARY KEY (source, from_currency, to_currency),
  constraint provider_rates_rate_check CHECK (rate > 0::numeric)
);
create table provider_settlements (
  provider_id text collate "C" not null,
  attempt_id text collate "C" not null,
  account_id text collate "C" not null,
  payment_id text collate "C" not null,
  test_mode boolean not null,
  currency text not null,
  payment_currency text not null,
  payment_amount_minor bigint not null,
  rate numeric(30,12) not null,
  settlement_minor bigint not null,
  state text not null,
  hold_id text collate "C" not null,
  hold_end text collate "C",
  debited_minor bigint default 0 not null,
  previous_debit_minor bigint default 0 not null,
  first_debit text,
  appeal_id text collate "C",
  appeal_open boolean default false not null,
  appeal_minor bigint,
  freeze_id text collate "C",
  freeze_minor bigint default 0 not null,
  moved_id text collate "C",
  moved_minor bigint default 0 not null,
  debited_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint provider_settlements_pkey PRIMARY KEY (provider_id, attempt_id),
  constraint provider_settlements_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint provider_settlements_appeal_minor_check CHECK (appeal_minor > 0),
  constraint provider_settlements_check CHECK ((state = 'held'::text) = (hold_end IS NULL)),
  constraint provider_settlements_check1 CHECK ((state = 'debited'::text) = (first_debit IS NOT NULL)),
  constraint provider_settlements_debited_minor_check CHECK (debited_minor >= 0),
  constraint provider_settlements_first_debit_check CHECK (first_debit = ANY (ARRAY['success'::text, 'late_success'::text, 'appeal'::text])),
  constraint provider_settlements_freeze_minor_check CHECK (freeze_minor >= 0),
  constraint provider_settlements_moved_minor_check CHECK (moved_minor >= 0),
  constraint provider_settlements_payment_amount_minor_check CHECK (payment_amount_minor > 0),
  constraint provider_settlements_rate_check CHECK (rate > 0::numeric),
  constraint provider_settlements_settlement_minor_check CHECK (settlement_minor > 0),
  constraint provider_settlements_state_check CHECK (state = ANY (ARRAY['held'::text, 'released'::text, 'debited'::text]))
);
create table provider_top_ups (
  provider_id text collate "C" not null,
  id text collate "C" not null,
  test_mode boolean not null,
  currency text not null,
  amount_minor bigint not null,
  reference text not null,
  status text not null,
  ordered_by text not null,
  decided_by text,
  note text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint provider_top_ups_pkey PRIMARY KEY (provider_id, id),
  constraint provider_top_ups_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint provider_top_ups_amount_minor_check CHECK (amount_minor > 0),
  constraint provider_top_ups_status_check CHECK (status = ANY (ARRAY['created'::text, 'confirmed'::text, 'rejected'::text, 'cancelled'::text]))
);
create table provider_withdrawals (
  provider_id text collate "C" not null,
  id text collate "C" not null,
  test_mode boolean not null,
  currency text not null,
  amount_minor bigint not null,
  destination_id text collate "C" not null,
  status text not null,
  hold_id text collate "C" not null,
  requested_by text not null,
  approved_by text,
  ended_by text,
  note text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint provider_withdrawals_pkey PRIMARY KEY (provider_id, id),
  constraint provider_withdrawals_provider_id_destination_id_fkey FOREIGN KEY (provider_id, destination_id) REFERENCES provider_destinations(provider_id, id),
  constraint provider_withdrawals_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint provider_withdrawals_amount_minor_check CHECK (amount_minor > 0),
  constraint provider_withdrawals_check CHECK (approved_by <> requested_by),
  constraint provider_withdrawals_status_check CHECK (status = ANY (ARRAY['requested'::text, 'approved'::text, 'paid'::text, 'rejected'::text, 'cancelled'::text]))
);
create table providers (
  id text collate "C" not null,
  name text not null,
  settlement_currency text not null,
  settlement_scale smallint not null,
  low_balance_alert_minor bigint default 0 not null,
  active boolean default true not null,
  draining boolean default false not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  top_up_instructions text default ''::text not null,
  constraint providers_pkey PRIMARY KEY (id),
  constraint providers_low_balance_alert_minor_check CHECK (low_balance_alert_minor >= 0),
  constraint providers_settlement_currency_check CHECK (settlement_currency ~ '^[A-Z0-9]{3,10}$'::text),
  constraint providers_settlement_scale_check CHECK (settlement_scale >= 0 AND settlement_scale <= 12)
);
create table rate_feed_pairs (
  source text not null,
  from_currency text not null,
  to_currency text not null,
  added_at timestamp with time zone not null,
  asked_at timestamp with time zone,
  error text,
  doubtful_rate numeric(30,12),
  doubtful_as_of timestamp with time zone,
  doubtful_count smallint default 0 not null,
  stale boolean default false not null,
  failing boolean default false not null,
  jumping boolean default false not null,
  streak smallint default 0 not null,
  constraint rate_feed_pairs_pkey PRIMARY KEY (source, from_currency, to_currency),
  constraint rate_feed_pairs_source_fkey FOREIGN KEY (source) REFERENCES rate_feeds(source),
  constraint rate_feed_pairs_check CHECK ((doubtful_count = 0) = (doubtful_rate IS NULL) AND (doubtful_count = 0) = (doubtful_as_of IS NULL)),
  constraint rate_feed_pairs_doubtful_rate_check CHECK (doubtful_rate > 0::numeric),
  constraint rate_feed_pairs_streak_check CHECK (streak >= '-3'::integer AND streak <= 3)
);
create table rate_feeds (
  source text not null,
  url text not null,
  rate_pointer text not null,
  time_pointer text,
  inverted boolean not null,
  header_name text,
  header_encrypted bytea,
  interval_s smallint not null,
  jump_percent smallint not null,
  active boolean not null,
  saved_by text not null,
  saved_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  leased_until timestamp with time zone,
  constraint rate_feeds_pkey PRIMARY KEY (source),
  constraint rate_feeds_check CHECK ((header_name IS NULL) = (header_encrypted IS NULL)),
  constraint rate_feeds_interval_s_check CHECK (interval_s >= 15 AND interval_s <= 300),
  constraint rate_feeds_jump_percent_check CHECK (jump_percent >= 1 AND jump_percent <= 1000),
  constraint rate_feeds_source_check CHECK (source ~ '^[a-z0-9][a-z0-9_-]{0,49}$'::text)
);
create table receipt_decisions (
  account_id text collate "C" not null,
  id text collate "C" not null,
  payment_id text collate "C" not null,
  attempt_id text collate "C" not null,
  attempt_number integer not null,
  provider_id text collate "C" not null,
  number smallint not null,
  kind text not null,
  amount_minor bigint not null,
  credit_minor bigint default 0 not null,
  fee_minor bigint default 0 not null,
  outside_reference text,
  decided_by text not null,
  comment text not null,
  created_at timestamp with time zone not null,
  constraint receipt_decisions_pkey PRIMARY KEY (account_id, id),
  constraint receipt_decisions_account_id_attempt_id_number_key UNIQUE (account_id, attempt_id, number),
  constraint receipt_decisions_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint receipt_decisions_amount_minor_check CHECK (amount_minor > 0),
  constraint receipt_decisions_check CHECK ((kind = 'returned'::text) = (outside_reference IS NOT NULL)),
  constraint receipt_decisions_check1 CHECK (kind = 'beside'::text OR credit_minor = 0 AND fee_minor = 0),
  constraint receipt_decisions_credit_minor_check CHECK (credit_minor >= 0),
  constraint receipt_decisions_fee_minor_check CHECK (fee_minor >= 0),
  constraint receipt_decisions_kind_check CHECK (kind = ANY (ARRAY['won'::text, 'beside'::text, 'returned'::text])),
  constraint receipt_decisions_number_check CHECK (number > 0)
);
create table receipt_fetches (
  receipt_id text collate "C" not null,
  at timestamp with time zone not null,
  ip text not null,
  way text not null,
  constraint receipt_fetches_way_check CHECK (way = ANY (ARRAY['link'::text, 'desk'::text]))
);
create table receipts (
  account_id text collate "C" not null,
  appeal_id text collate "C" not null,
  id text collate "C" not null,
  message_id text collate "C",
  name text not null,
  type text not null,
  size_bytes integer not null,
  sha256 bytea not null,
  content_encrypted bytea,
  side text not null,
  created_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  constraint receipts_pkey PRIMARY KEY (account_id, appeal_id, id),
  constraint receipts_side_check CHECK (side = ANY (ARRAY['merchant'::text, 'payer'::text, 'provider'::text, 'operator'::text])),
  constraint receipts_size_bytes_check CHECK (size_bytes >= 1 AND size_bytes <= 10485760),
  constraint receipts_type_check CHECK (type = ANY (ARRAY['pdf'::text, 'jpg'::text, 'png'::text]))
);
create table requisites_views (
  account_id text collate "C" not null,
  attempt_id text collate "C" not null,
  at timestamp with time zone not null,
  by_name text not null,
  reason text not null,
  erased boolean not null
);
create table route_counts (
  gateway_id integer not null,
  method text collate "C" not null,
  currency text collate "C" not null,
  brand text collate "C" not null,
  issuer_country text collate "C" not null,
  hour timestamp with time zone not null,
  approved integer not null,
  counted integer not null,
  constraint route_counts_pkey PRIMARY KEY (hour, gateway_id, method, currency, brand, issuer_country)
);
create table routing_runs (
  account_id text collate "C" not null,
  payment_id text collate "C" not null,
  run integer not null,
  record json not null,
  created_at timestamp with time zone not null,
  constraint routing_runs_pkey PRIMARY KEY (account_id, payment_id, run),
  constraint routing_runs_run_check CHECK (run > 0)
);
create table routing_schemes (
  account_id text collate "C" not null,
  id text collate "C" not null,
  name text not null,
  kind text default 'payment'::text not null,
  time_zone text default 'UTC'::text not null,
  constraint routing_schemes_pkey PRIMARY KEY (account_id, id),
  constraint routing_schemes_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint routing_schemes_kind_check CHECK (kind = ANY (ARRAY['payment'::text, 'payout'::text]))
);
create table routing_versions (
  account_id text collate "C" not null,
  scheme_id text collate "C" not null,
  number integer not null,
  kind text not null,
  status text not null,
  scheme json not null,
  published_at timestamp with time zone,
  constraint routing_versions_pkey PRIMARY KEY (account_id, scheme_id, number),
  constraint routing_versions_account_id_scheme_id_fkey FOREIGN KEY (account_id, scheme_id) REFERENCES routing_schemes(account_id, id),
  constraint routing_versions_kind_check CHECK (kind = ANY (ARRAY['payment'::text, 'payout'::text])),
  constraint routing_versions_number_check CHECK (number > 0),
  constraint routing_versions_status_check CHECK (status = ANY (ARRAY['draft'::text, 'published'::text, 'archived'::text]))
);
create table settings_changes (
  xid xid8 not null,
  table_name text collate "C" not null,
  changed_at timestamp with time zone not null,
  constraint settings_changes_pkey PRIMARY KEY (xid, table_name)
);
create unlogged table shared_limits (
  key text collate "C" not null,
  full_at timestamp with time zone not null,
  constraint shared_limits_pkey PRIMARY KEY (key)
);
create table shops (
  account_id text collate "C" not null,
  shop_id integer not null,
  name text not null,
  active boolean default true not null,
  secret_hash bytea not null,
  secret_encrypted bytea not null,
  private_key_encrypted bytea not null,
  public_key text not null,
  settings json not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint shops_pkey PRIMARY KEY (account_id, shop_id),
  constraint shops_shop_id_check CHECK (shop_id > 0)
);
create table vault_cards (
  account_id text collate "C" not null,
  token text collate "C" not null,
  number_encrypted bytea not null,
  fingerprint text collate "C" not null,
  holder text not null,
  exp_month integer not null,
  exp_year integer not null,
  contract json not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint vault_cards_pkey PRIMARY KEY (account_id, token),
  constraint vault_cards_exp_month_check CHECK (exp_month >= 1 AND exp_month <= 12)
);
CREATE OR REPLACE FUNCTION public.note_settings_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into settings_changes (xid, table_name, changed_at)
  values (pg_current_xact_id(), tg_table_name, clock_timestamp())
  on conflict (xid, table_name) do update set changed_at = excluded.changed_at;
  return null;
end $function$;
CREATE OR REPLACE FUNCTION public.refuse_ledger_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'ledger transfers are never changed or deleted' using errcode = 'integrity_constraint_violation';
end $function$;
CREATE OR REPLACE FUNCTION public.refuse_routing_version_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'TRUNCATE' then
    raise exception 'routing versions are never truncated' using errcode = 'integrity_constraint_violation';
  end if;
  if tg_op = 'DELETE' then
    if old.status <> 'draft' then
      raise exception 'a published routing version is never deleted' using errcode = 'integrity_constraint_violation';
    end if;
    return old;
  end if;
  if (new.account_id, new.scheme_id, new.number, new.kind) is distinct from (old.account_id, old.scheme_id, old.number, old.kind)
    or (old.status <> 'draft' and new.scheme::text is distinct from old.scheme::text)
  then
    raise exception 'a published routing version is never changed' using errcode = 'integrity_constraint_violation';
  end if;
  if new.status <> old.status
    and (old.status, new.status) not in (('draft', 'published'), ('published', 'archived'), ('archived', 'published'))
  then
    raise exception 'a routing version never goes from % to %', old.status, new.status
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $function$;
CREATE OR REPLACE FUNCTION public.refuse_wrong_appeal_transition()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (old.state, new.state) not in (
    ('opened', 'submitted'), ('opened', 'arbitration'), ('opened', 'cancelled'),
    ('submitted', 'accepted'), ('submitted', 'rejected'), ('submitted', 'arbitration'), ('submitted', 'cancelled'),
    ('accepted', 'confirmed'), ('accepted', 'cancelled'),
    ('rejected', 'arbitration'), ('rejected', 'cancelled'),
    ('arbitration', 'confirmed'), ('arbitration', 'cancelled')
  ) then
    raise exception 'appeal % may not go from % to %', new.id, old.state, new.state using errcode = 'check_violation';
  end if;
  return new;
end $function$;
CREATE OR REPLACE FUNCTION public.refuse_wrong_attempt_transition()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (old.status, new.status) not in (
    ('sent', 'approved'), ('sent', 'declined'), ('sent', 'not_sent'), ('sent', 'incomplete'), ('sent', 'unknown'), ('sent', 'orphaned'), ('sent', 'expired'), ('sent', 'cancelled'),
    ('incomplete', 'approved'), ('incomplete', 'declined'), ('incomplete', 'unknown'), ('incomplete', 'expired'), ('incomplete', 'cancelled'),
    ('unknown', 'approved'), ('unknown', 'declined'), ('unknown', 'not_sent'), ('unknown', 'reversed'),
    ('approved', 'reversed')
  ) then
    raise exception 'attempt % may not go from % to %', new.id, old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $function$;
CREATE INDEX account_keys_public_key ON public.account_keys USING btree (public_key);
CREATE INDEX appeal_settlements_payment ON public.appeal_settlements USING btree (account_id, payment_id);
CREATE INDEX appeals_attempt ON public.appeals USING btree (attempt_id);
CREATE INDEX appeals_due ON public.appeals USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX appeals_id ON public.appeals USING btree (id);
CREATE UNIQUE INDEX appeals_open ON public.appeals USING btree (account_id, payment_id) WHERE (closed_at IS NULL);
CREATE INDEX appeals_provider ON public.appeals USING btree (provider_id, test_mode, opened_at DESC, id DESC);
CREATE INDEX appeals_waiting ON public.appeals USING btree (provider_id, test_mode, deadline_at) WHERE (closed_at IS NULL);
CREATE UNIQUE INDEX attempts_one_undecided ON public.attempts USING btree (account_id, payment_id) WHERE (status = ANY (ARRAY['sent'::text, 'incomplete'::text, 'unknown'::text]));
CREATE UNIQUE INDEX attempts_one_winner ON public.attempts USING btree (account_id, payment_id) WHERE winner;
CREATE INDEX auth_session_user ON public.auth_session USING btree (user_id);
CREATE INDEX auth_verification_identifier ON public.auth_verification USING btree (identifier);
CREATE INDEX callback_attempts_created ON public.callback_attempts USING brin (created_at);
CREATE INDEX callback_events_created ON public.callback_events USING brin (created_at);
CREATE INDEX callback_events_due ON public.callback_events USING btree (due_at) WHERE ((due_at IS NOT NULL) AND (NOT in_line));
CREATE INDEX callback_events_in_line ON public.callback_events USING btree (origin, due_at) WHERE ((due_at IS NOT NULL) AND in_line);
CREATE INDEX callback_events_subject ON public.callback_events USING btree (account_id, subject_id);
CREATE INDEX card_latest_created ON public.card_latest USING brin (created_at);
CREATE INDEX card_request_ids_created ON public.card_request_ids USING brin (created_at);
CREATE UNIQUE INDEX card_transactions_operation ON public.card_transactions USING btree (account_id, operation_id) WHERE (operation_id IS NOT NULL);
CREATE UNIQUE INDEX card_transactions_parent ON public.card_transactions USING btree (account_id, payment_id) WHERE (operation_id IS NULL);
CREATE INDEX card_transactions_stamp ON public.card_transactions USING btree (account_id, stamp, uid) WHERE (stamp IS NOT NULL);
CREATE INDEX card_transactions_tracking ON public.card_transactions USING btree (account_id, shop_id, tracking_id, uid) WHERE (tracking_id IS NOT NULL);
CREATE INDEX card_transactions_tracking_parts ON public.card_transactions USING gin (string_to_array(tracking_id, ';'::text)) WHERE (tracking_id ~~ '%;%'::text);
CREATE INDEX card_transactions_uid ON public.card_transactions USING btree (uid);
CREATE INDEX gateway_results_age ON public.gateway_results USING brin (counted_at);
CREATE INDEX gateway_results_window ON public.gateway_results USING btree (gateway_id, method, counted_at);
CREATE UNIQUE INDEX ledger_transfers_hold_ended_once ON public.ledger_transfers USING btree (account_id, pending_id) WHERE (pending_id IS NOT NULL);
CREATE INDEX mails_about ON public.mails USING btree (subject_id, id);
CREATE INDEX mails_due ON public.mails USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX mails_id ON public.mails USING btree (id);
CREATE INDEX mails_kept ON public.mails USING btree (created_at) WHERE (recipient IS NOT NULL);
CREATE INDEX mails_subject ON public.mails USING btree (account_id, subject_id);
CREATE INDEX mails_unsent ON public.mails USING btree (id) WHERE (status <> 'sent'::text);
CREATE INDEX network_blocks_card ON public.network_blocks USING btree (account_id, fingerprint);
CREATE INDEX network_blocks_everywhere ON public.network_blocks USING btree (fingerprint) WHERE (scope = 'recurring_all'::text);
CREATE INDEX network_counts_time ON public.network_counts USING brin (counted_at);
CREATE INDEX operations_due ON public.operations USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX payments_customer ON public.payments USING btree (account_id, customer_id, id) WHERE (customer_id IS NOT NULL);
CREATE INDEX payments_due ON public.payments USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX payments_serial ON public.payments USING btree (substr(id, 5));
CREATE INDEX provider_calls_age ON public.provider_calls USING brin (at);
CREATE INDEX provider_calls_attempt ON public.provider_calls USING btree (attempt_id) WHERE (attempt_id IS NOT NULL);
CREATE INDEX provider_cases_open ON public.provider_cases USING btree (provider_id, opened_at) WHERE (closed_at IS NULL);
CREATE INDEX provider_connections_provider ON public.provider_connections USING btree (provider_id);
CREATE INDEX provider_events_due ON public.provider_events USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX provider_payments_day ON public.provider_payments USING btree (gateway_id, requested_at);
CREATE INDEX provider_payments_due ON public.provider_payments USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX provider_payments_history ON public.provider_payments USING btree (provider_id, test_mode, requested_at DESC, attempt_id DESC);
CREATE INDEX provider_payments_orphans ON public.provider_payments USING btree (provider_id, test_mode, provider_reference) WHERE orphan;
CREATE INDEX provider_payments_payment ON public.provider_payments USING btree (account_id, payment_id);
CREATE INDEX provider_payments_personal ON public.provider_payments USING btree (ended_at) WHERE ((requisites_encrypted IS NOT NULL) AND (ended_at IS NOT NULL));
CREATE UNIQUE INDEX provider_payments_reference ON public.provider_payments USING btree (provider_id, test_mode, provider_reference) WHERE ((provider_reference IS NOT NULL) AND ((NOT orphan) OR (state = 'success'::text)));
CREATE INDEX provider_people_provider ON public.provider_people USING btree (provider_id);
CREATE INDEX provider_settlements_debited ON public.provider_settlements USING btree (provider_id, debited_at) WHERE (debited_at IS NOT NULL);
CREATE INDEX rate_feeds_due ON public.rate_feeds USING btree (due_at) WHERE active;
CREATE INDEX receipt_decisions_payment ON public.receipt_decisions USING btree (account_id, payment_id);
CREATE INDEX receipt_fetches_receipt ON public.receipt_fetches USING btree (receipt_id, at);
CREATE UNIQUE INDEX receipts_id ON public.receipts USING btree (id);
CREATE INDEX receipts_kept ON public.receipts USING btree (created_at) WHERE (deleted_at IS NULL);
CREATE INDEX requisites_views_attempt ON public.requisites_views USING btree (account_id, attempt_id, at);
CREATE UNIQUE INDEX routing_versions_published ON public.routing_versions USING btree (account_id, kind) WHERE (status = 'published'::text);
CREATE INDEX shared_limits_full_at ON public.shared_limits USING btree (full_at);
CREATE INDEX shops_id ON public.shops USING btree (shop_id);
CREATE TRIGGER account_keys_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.account_keys FOR EACH STATEMENT EXECUTE FUNCTION note_settings_change();
CREATE TRIGGER account_payment_services_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.account_payment_services FOR EACH STATEMENT EXECUTE FUNCTION note_settings_change();
CREATE TRIGGER accounts_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.accounts FOR EACH STATEMENT EXECUTE FUNCTION note_settings_change();
CREATE TRIGGER appeals_transition BEFORE UPDATE OF state ON public.appeals FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION refuse_wrong_appeal_transition();
CREATE TRIGGER attempts_transition BEFORE UPDATE OF status ON public.attempts FOR EACH ROW WHEN ((old.status IS DISTINCT FROM new.status)) EXECUTE FUNCTION refuse_wrong_attempt_transition();
CREATE TRIGGER cascade_settings_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.cascade_settings FOR EACH STATEMENT EXECUTE FUNCTION note_settings_change();
CREATE TRIGGER currencies_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.currencies FOR EACH STATEMENT EXECUTE FUNCTION note_settings_change();
CREATE TRIGGER currency_accounts_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.currency_accounts FOR EACH STATEMENT EXECUTE FUNCTION note_settings_change();
CREATE TRIGGER exchange_rates_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.exchange_rates FOR EACH STATEMENT EXECUTE FUNCTION note_settings_change();
CREATE TRIGGER gateway_tariffs_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.gateway_tariffs FOR EACH STATEMENT EXECUTE FUNCTION note_settings_change();
CREATE TRIGGER gateways_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.gateways FOR EACH STATEMENT EXECUTE FUNCTION note_settings_change();
CREATE TRIGGER ledger_transfers_no_change BEFORE DELETE OR UPDATE ON public.ledger_transfers FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change();
CREATE TRIGGER ledger_transfers_no_truncate BEFORE TRUNCATE ON public.ledger_transfers FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();
CREATE TRIGGER payment_methods_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.payment_methods FOR EACH STATEMENT EXECUTE FUNCTION note_settings_change();
CREATE TRIGGER payment_services_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.payment_services FOR EACH STATEMENT EXECUTE FUNCTION note_settings_change();
CREATE TRIGGER payout_methods_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.payout_methods FOR EACH STATEMENT EXECUTE FUNCTION note_settings_change();
CREATE TRIGGER routing_versions_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.routing_versions FOR EACH STATEMENT EXECUTE FUNCTION note_settings_change();
CREATE TRIGGER routing_versions_fixed BEFORE DELETE OR UPDATE ON public.routing_versions FOR EACH ROW EXECUTE FUNCTION refuse_routing_version_change();
CREATE TRIGGER routing_versions_no_truncate BEFORE TRUNCATE ON public.routing_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_routing_version_change();
CREATE TRIGGER shops_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.shops FOR EACH STATEMENT EXECUTE FUNCTION note_settings_change();
create view ledger_balance_parts as
 SELECT ledger_balances.account_id,
    ledger_balances.test_mode,
    ledger_balances.currency,
    ledger_balances.purpose,
    ledger_balances.debits_posted_minor,
    ledger_balances.credits_posted_minor,
    ledger_balances.debits_pending_minor,
    ledger_balances.credits_pending_minor
   FROM ledger_balances
UNION ALL
 SELECT ledger_unfolded_entries.account_id,
    ledger_unfolded_entries.test_mode,
    ledger_unfolded_entries.currency,
    ledger_unfolded_entries.purpose,
    ledger_unfolded_entries.debits_posted_minor,
    ledger_unfolded_entries.credits_posted_minor,
    ledger_unfolded_entries.debits_pending_minor,
    ledger_unfolded_entries.credits_pending_minor
   FROM ledger_unfolded_entries;
create view ledger_entries as
 SELECT t.account_id,
    t.id AS transfer_id,
    t.test_mode,
    t.currency,
    e.purpose,
    e.debits_posted_minor,
    e.credits_posted_minor,
    e.debits_pending_minor,
    e.credits_pending_minor
   FROM ((ledger_transfers t
     CROSS JOIN LATERAL ( VALUES (
                CASE
                    WHEN (t.kind = ANY (ARRAY['posted'::text, 'post'::text])) THEN t.amount_minor
                    ELSE (0)::bigint
                END,
                CASE t.kind
                    WHEN 'posted'::text THEN (0)::bigint
                    WHEN 'pending'::text THEN t.amount_minor
                    ELSE (- t.amount_minor)
                END)) moved(posted, pending))
     CROSS JOIN LATERAL ( VALUES (t.debit,moved.posted,0,moved.pending,0), (t.credit,0,moved.posted,0,moved.pending)) e(purpose, debits_posted_minor, credits_posted_minor, debits_pending_minor, credits_pending_minor));
create view ledger_unfolded_entries as
 SELECT u.account_id,
    u.transfer_id,
    u.test_mode,
    u.currency,
    e.purpose,
    e.debits_posted_minor,
    e.credits_posted_minor,
    e.debits_pending_minor,
    e.credits_pending_minor
   FROM ((ledger_unfolded u
     CROSS JOIN LATERAL ( VALUES (
                CASE
                    WHEN (u.kind = ANY (ARRAY['posted'::text, 'post'::text])) THEN u.amount_minor
                    ELSE (0)::bigint
                END,
                CASE u.kind
                    WHEN 'posted'::text THEN (0)::bigint
                    WHEN 'pending'::text THEN u.amount_minor
                    ELSE (- u.amount_minor)
                END)) moved(posted, pending))
     CROSS JOIN LATERAL ( VALUES (u.debit,moved.posted,0,moved.pending,0), (u.credit,0,moved.posted,0,moved.pending)) e(purpose, debits_posted_minor, credits_posted_minor, debits_pending_minor, credits_pending_minor));
