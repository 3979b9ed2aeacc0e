-- What the day may work with and lose at most, in paise, as its caps were when it was opened. The entry guard
-- reads them when an order leaves. Null of days opened before they were kept.
alter table session add column capital bigint, add column day_loss_max bigint;
