-- An operator may let a mail that was given up be tried for another day; created_at stays the date in its header.
alter table mails add column requeued_at timestamptz;

-- What an operator asks for: one mail, what has not gone out, what was told about one thing; the newest first.
create index mails_id on mails (id);
create index mails_unsent on mails (id) where status <> 'sent';
create index mails_about on mails (subject_id, id);
