package dev.watersmeet.testing.zookeeper;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class ZooKeeperEnsembleTest {
    @TempDir
    Path folder;

    @Test
    void aServerServesDiesAndComesBackAndTheNetworkToItCanBeCut() throws IOException {
        try (ZooKeeperEnsemble ensemble = ZooKeeperEnsemble.start(folder, 1, Sync.LAZY);
                CuttableNetwork network =
                        CuttableNetwork.to(ensemble.servers().get(0).port())) {
            ZooKeeperServer server = ensemble.leader();
            assertThat(ensemble.connectString()).isEqualTo("127.0.0.1:" + server.port());
            assertThat(ask(network)).contains("Mode: standalone");

            network.cut();
            assertThat(ask(network)).isEmpty();
            network.mend();
            assertThat(ask(network)).contains("Mode: standalone");

            server.kill();
            assertThat(server.leads()).isFalse();
            server.restart();
            assertThat(server.leads()).isTrue();
        }
    }

    private static String ask(CuttableNetwork network) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), network.port())) {
            socket.setSoTimeout(500);
            socket.getOutputStream().write("srvr".getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        } catch (SocketTimeoutException e) {
            return "";
        }
    }
}
