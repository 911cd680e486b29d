/** The messages of the merge format and their JSON codec. The rules are in {@code spec/merge-format.md}. */
package dev.watersmeet.format;
