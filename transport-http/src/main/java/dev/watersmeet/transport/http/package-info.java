/** The servlet that speaks the merge format over HTTP: push and pull, snapshots, live feeds. The rules are in {@code spec/merge-format.md}. */
package dev.watersmeet.transport.http;
