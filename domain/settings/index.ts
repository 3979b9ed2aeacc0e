// Settings: schemas with defaults and sentences, and what is read from them.
export { allowedWords } from './allowedWords';
export { issueSentence } from './issueSentence';
export { isRecord, outlineOf, type Outline } from './outline';
export { optionalSetting, setting } from './setting';
export { effectiveSettings } from './effective';
export { documentedKeys } from './keys';
export { nearestKey } from './nearestKey';
