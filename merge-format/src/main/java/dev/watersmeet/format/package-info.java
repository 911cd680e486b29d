/** The messages of the merge format and their codec, in JSON and in the binary form. The rules are in {@code spec/merge-format.md}. */
package dev.watersmeet.format;
