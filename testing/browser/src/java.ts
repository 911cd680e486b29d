/** What every JVM of the tests is started with: they live for seconds, in which starting quickly counts and compiling well does not. */
export const JAVA_OPTIONS = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
