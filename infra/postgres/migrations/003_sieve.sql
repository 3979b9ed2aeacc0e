-- Up Migration
-- What a position's prices may do without being doubted: the day's band, and the furthest jump (0: any).
alter table band
  add column lower_limit bigint not null,
  add column upper_limit bigint not null,
  add column jump_max bigint not null;
