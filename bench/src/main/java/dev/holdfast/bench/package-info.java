/// Benchmarks. Each prints its peer or limit beside its figure and ends with one line of JSON.
package dev.holdfast.bench;
