export { readBars, type BarKind, type WrittenBars } from './bars';
export { refuseCell, refuseFile, type CellPlace } from './cell';
export { adjusted, factorOn, noFactors, readFactors, type Factors } from './factors';
export { instantForm, instantReader } from './instant';
export { eachRow, type CsvRow, type CsvTable } from './table';
export { barColumns, type WrittenBar } from './writtenBar';
