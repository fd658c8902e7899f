package io.tensorfleet.worker.tls;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.security.Provider;
import java.security.Security;
import java.util.Objects;
import javax.net.ssl.SSLException;

/**
 * Makes contexts of credentials: TLS 1.3 and 1.2 by the JDK's own provider, which needs no native
 * library on a disk that may be read-only. Sessions are resumed for a minute only, so that who is
 * no longer trusted does not stay.
 */
enum Contexts {
  CLIENT {
    @Override
    SslContextBuilder begin(Credentials credentials) {
      SslContextBuilder builder = SslContextBuilder.forClient();
      credentials.identity().ifPresent(own -> builder.keyManager(own.key(), own.chain()));
      return builder.trustManager(credentials.authorities());
    }
  },
  SERVER {
    @Override
    SslContextBuilder begin(Credentials credentials) {
      Credentials.Identity own = credentials.identity().orElseThrow();
      SslContextBuilder builder = SslContextBuilder.forServer(own.key(), own.chain());
      return credentials.authorities().isEmpty()
          ? builder
          : builder.trustManager(credentials.authorities()).clientAuth(ClientAuth.REQUIRE);
    }
  };

  private static final long RESUMABLE_SECONDS = 60;

  abstract SslContextBuilder begin(Credentials credentials);

  SslContext of(Credentials credentials) throws SSLException {
    Provider provider = Objects.requireNonNull(Security.getProvider("SunJSSE"), "SunJSSE");
    return GrpcSslContexts.configure(begin(credentials), provider)
        .protocols("TLSv1.3", "TLSv1.2")
        .sessionTimeout(RESUMABLE_SECONDS)
        .build();
  }
}
