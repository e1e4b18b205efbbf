/** 1 in the builds that sum products in 16 bits, 0 in the others: set by tools/build/compile-kernels.mjs, see arithmetic/dot.ts. */
declare const SHORT_SUMS: i32;
