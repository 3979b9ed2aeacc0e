export { compareBooks, type Finding, type KnownIntent } from './compare';
