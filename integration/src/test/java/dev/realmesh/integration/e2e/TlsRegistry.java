// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import dev.realmesh.image.ImageService;
import dev.realmesh.image.ImageServiceConfig;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.registry.AuthFiles;
import dev.realmesh.oci.registry.ClientOptions;
import dev.realmesh.oci.registry.RegistryClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/// A registry on loopback that knows one user, behind TLS with a certificate that nobody's roots have signed.
final class TlsRegistry implements AutoCloseable {
    static final String PASSWORD = "allmine";

    private static final String USER = "me";
    private static final String ACCOUNT = "me:$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga\n";
    private static final String STORE_PASSWORD = "changeit";

    private final Path folder;
    private final ImageService registry;
    private final SSLServerSocket front;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger handshakes = new AtomicInteger();

    TlsRegistry(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        this.folder = Files.createDirectories(folder);
        Path htpasswd = Files.writeString(folder.resolve("htpasswd"), ACCOUNT);
        registry = ImageService.open(
                ImageServiceConfig.local(folder.resolve("store")).withAccounts(htpasswd), InstantSource.system());
        front = (SSLServerSocket)
                tls().getServerSocketFactory().createServerSocket(0, 64, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /// As references have it.
    String host() {
        return "127.0.0.1:" + front.getLocalPort();
    }

    /// Its certificate, in PEM.
    String certificate() throws IOException, GeneralSecurityException {
        byte[] certificate = keys().getCertificate("registry").getEncoded();
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate)
                + "\n-----END CERTIFICATE-----\n";
    }

    /// User and password as they are sent, after `Basic`.
    static String login(String password) {
        return Base64.getEncoder().encodeToString((USER + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /// How many connections have come to speak.
    int handshakes() {
        return handshakes.get();
    }

    /// Puts an image into it, by the side door.
    ///
    /// @param name repository and tag
    void push(String name, Push push) throws IOException {
        String plain = "127.0.0.1:" + registry.registryPort();
        Path logins = Files.writeString(
                folder.resolve("auth.json"), "{\"auths\":{\"" + plain + "\":{\"auth\":\"" + login(PASSWORD) + "\"}}}");
        ClientOptions options = ClientOptions.of(Set.of(plain)).withLogins(AuthFiles.of(logins));
        try (RegistryClient client = new RegistryClient(options, InstantSource.system())) {
            push.to(client.sink(Reference.parse(plain + "/" + name)));
        }
    }

    /// Writes an image.
    interface Push {
        void to(ImageSink sink) throws IOException;
    }

    @Override
    public void close() throws IOException {
        front.close();
        threads.shutdownNow();
        registry.close();
    }

    private SSLContext tls() throws IOException, GeneralSecurityException, InterruptedException {
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "registry",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=registry",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-keystore",
                        store().toString(),
                        "-storepass",
                        STORE_PASSWORD))
                .inheritIO()
                .start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException("keytool: no key");
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(keys(), STORE_PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private Path store() {
        return folder.resolve("registry.p12");
    }

    private KeyStore keys() throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(store().toFile(), STORE_PASSWORD.toCharArray());
    }

    private void accept() {
        try {
            while (true) {
                Socket client = front.accept();
                threads.execute(() -> serve(client));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), registry.registryPort())) {
            int first = client.getInputStream().read();
            if (first >= 0) {
                handshakes.incrementAndGet();
                behind.getOutputStream().write(first);
                threads.execute(() -> copy(behind, client));
                copy(client, behind);
            }
        } catch (IOException e) {
            // Either end has gone.
        }
    }

    private static void copy(Socket from, Socket to) {
        try (InputStream bytes = from.getInputStream()) {
            bytes.transferTo(to.getOutputStream());
            to.close();
        } catch (IOException e) {
            // Either end has gone.
        }
    }
}
