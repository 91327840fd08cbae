// The names of AssemblyScript's integers, for the files that both compilers read (assembly/abi).

declare type i32 = number;
declare type u32 = number;
