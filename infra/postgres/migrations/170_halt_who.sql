-- Who halted the account, or allowed entries again: a person with the machine, or a process of ours.
alter table halt add column who text not null default '';

-- One number for each start of a tick gateway, whatever its clock says.
create sequence gateway_epoch;
