package dev.watersmeet.testing.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CassandraClusterTest {
    private static final int OPTIONS = 5;
    private static final int SUPPORTED = 6;

    @Test
    void aNodeSpeaksCql(@TempDir Path folder) throws IOException {
        try (CassandraCluster cluster = CassandraCluster.start(folder, 1)) {
            CassandraNode node = cluster.nodes().get(0);
            assertThat(supported(node)).isEqualTo(SUPPORTED);
            node.restart();
            assertThat(supported(node)).isEqualTo(SUPPORTED);
            assertThat(cluster.contactPoints())
                    .isEqualTo("127.0.0.1:" + node.address().getPort());
        }
    }

    /** Asks what the node supports: the one question that needs nothing said before. */
    private static int supported(CassandraNode node) throws IOException {
        try (Socket socket =
                new Socket(node.address().getAddress(), node.address().getPort())) {
            new DataOutputStream(socket.getOutputStream()).write(new byte[] {4, 0, 0, 0, OPTIONS, 0, 0, 0, 0});
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readInt();
            return in.readByte();
        }
    }
}
