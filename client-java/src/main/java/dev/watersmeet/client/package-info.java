/** A replica for JVM programs: {@link dev.watersmeet.client.ReplicaClient} is where to begin. */
package dev.watersmeet.client;
