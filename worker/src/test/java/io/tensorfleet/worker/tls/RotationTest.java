package io.tensorfleet.worker.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;

/** Files that change under a running server and a running client. */
class RotationTest extends Handshakes {
  @Test
  void rotationOnBothSidesUnderLoadFailsNoCall() throws Exception {
    LiveTls client = client(ours.all());
    ManagedChannel standing = to(client).build();
    for (int i = 0; i < 60; i++) {
      switch (i % 6) {
        case 1 -> theirs.is(authority.issue("server", "localhost"));
        case 2 -> serving().check();
        case 4 -> ours.is(authority.issue("client"));
        case 5 -> client.check();
        default -> {}
      }
      call(to(client).build());
      ask(standing);
    }
    standing.shutdownNow();
  }

  @Test
  void aNewConnectionUsesTheNewCredentialsAndAStandingOneLivesOn() throws Exception {
    LiveTls client = client(ours.all());
    ManagedChannel standing = to(client).build();
    ask(standing);
    Authority next = new Authority("next");
    theirs.trusts(next).is(next.issue("server", "localhost"));
    serving().check();

    ask(standing);
    assertThat(words(to(client).build())).contains("does not come from an authority");
    ours.trusts(next);
    client.check();
    assertThat(words(to(client).build())).contains("demands a certificate");
    ours.is(next.issue("client"));
    client.check();
    call(to(client).build());
    ask(standing);
    standing.shutdownNow();
  }

  @Test
  void filesThatDoNotFitKeepTheFormerCredentialsUntilTheyFit() throws Exception {
    LiveTls client = client(ours.all());
    Authority.Issued next = authority.issue("server", "127.0.0.1");
    Authority.replace(theirs.pair().key().path(), next.keyPem());
    serving().check();
    call(to(client).build());
    Files.delete(theirs.authorities().path());
    serving().check();
    call(to(client).build());

    theirs.trusts(authority).is(next);
    serving().check();

    assertThat(words(to(client).build())).contains("for another name");
    call(to(client).overrideAuthority("127.0.0.1").build());
  }

  @Test
  void aVolumeWhoseLinkIsTurnedIsNoticed() throws Exception {
    Path first = Files.createDirectory(path.resolve("..first"));
    Path second = Files.createDirectory(path.resolve("..second"));
    new Folder(first).is(authority.issue("server", "first.example"));
    new Folder(second).is(authority.issue("server", "second.example"));
    Path link = Files.createSymbolicLink(path.resolve("..data"), first);
    serve(new LiveTls(Contexts.SERVER, new Folder(link).pairOnly(), CLOCK));
    LiveTls client = client(ours.authoritiesOnly());
    call(to(client).overrideAuthority("first.example").build());

    Path turned = Files.createSymbolicLink(path.resolve("..data_tmp"), second);
    Files.move(turned, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    serving().check();

    call(to(client).overrideAuthority("second.example").build());
  }
}
