-- Who halted the account, or allowed entries again: a person with the machine, or a process of ours. Null in rows
-- from before, which keeps their seals.
alter table halt add column who text;

-- One number for each start of a tick gateway, whatever its clock says.
create sequence gateway_epoch;
