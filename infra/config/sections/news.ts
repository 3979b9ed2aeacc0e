// Where headlines come from, what of them counts, and for how much.
import { z } from 'zod';
import { defaultAggregateConfig } from '../../../domain/sentiment';
import { setting } from '../../../domain/settings';

const byDefault = defaultAggregateConfig;
const share = z.number().min(0).max(1);

export const sentimentSchema = z.strictObject({
  windowHours: setting(
    z.number().min(24).max(48),
    byDefault.windowHours,
    'Older headlines do not count, in hours.',
  ),
  halfLifeHours: setting(
    z.number().min(0.5).max(48),
    byDefault.halfLifeHours,
    'A headline’s weight halves every so often, in hours.',
  ),
  clockSkewMinutes: setting(
    z.number().min(0).max(60),
    byDefault.clockSkewMinutes,
    'Headlines dated further ahead than this are ignored, in minutes.',
  ),
  sourceWeights: setting(
    z.record(z.string(), share).meta({ example: { 'Economic Times': 1 } }),
    byDefault.sourceWeights,
    'Weight of a source’s headlines, by its name.',
  ),
  otherSourceWeight: setting(
    share,
    byDefault.otherSourceWeight,
    'Weight of the headlines of every other source.',
  ),
  saturationWeight: setting(
    z.number().min(0.1).max(20),
    byDefault.saturationWeight,
    'Summed weight at which the amount of news is worth 63 % of full confidence.',
  ),
});

export const feedsSchema = setting(
  z
    .array(
      z.strictObject({
        name: z.string().min(1).describe('The source’s name.'),
        kind: setting(
          z.enum(['feed', 'announcements', 'posts', 'file']),
          'feed',
          'RSS or Atom, exchange announcements, posts, or a file.',
        ),
        url: z.string().min(1).max(2_048).describe('Where it is read.'),
      }),
    )
    .max(30)
    .meta({ example: [{ name: 'Economic Times', kind: 'feed', url: 'https://example.com/rss' }] }),
  [],
  'Sources of headlines, beside the paper exchange’s own.',
);
