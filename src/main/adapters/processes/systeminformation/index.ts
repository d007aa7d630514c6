export { createMachine, type MachineOptions, type SystemMachine } from './machine';
export { createSystemInformationTable, type SystemInformationTable } from './table';
