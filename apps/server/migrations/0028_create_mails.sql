-- Mails: what people are told beside the dashboard and the payer's page. One row per mail and recipient, written by the statement
-- that made it true.
create table mails (
  -- of the merchant whose payment it is about; of a provider's balance, the provider's own id
  account_id text collate "C" not null,
  id text collate "C" not null,
  -- the appeal, or the provider
  subject_id text collate "C" not null,
  audience text not null check (audience in ('merchant', 'payer', 'provider', 'operator')),
  -- personal data; these three are null after the retention time
  recipient text,
  title text,
  body text,
  status text not null default 'queued' check (status in ('queued', 'sent', 'failed')),
  attempts integer not null default 0,
  -- what the mail server said last, with numbers cut
  last_error text,
  created_at timestamptz not null,
  ended_at timestamptz,
  due_at timestamptz,
  leased_until timestamptz,
  primary key (account_id, id),
  check ((due_at is null) = (status <> 'queued')),
  check ((ended_at is null) = (status = 'queued')),
  check (status <> 'queued' or (recipient is not null and title is not null and body is not null))
) with (fillfactor = 80);
create index mails_subject on mails (account_id, subject_id);
create index mails_due on mails (due_at) where due_at is not null;
create index mails_kept on mails (created_at) where recipient is not null;

-- the language a payer opened his appeal in
alter table appeals add column payer_locale text check (payer_locale in ('en', 'ru', 'uk'));
