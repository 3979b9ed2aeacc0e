export { otherInstallations } from './otherInstallations';
export { whyNotCarried, type CarriedPosition } from './carried';
export { withOwners, type OrderOwner } from './owners';
export { compareBooks, type Finding, type KnownIntent } from './compare';
