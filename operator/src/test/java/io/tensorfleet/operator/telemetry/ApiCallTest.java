package io.tensorfleet.operator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiCallTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST   | /api/v1/namespaces/a/pods | create | pods",
        "GET    | /api/v1/pods?labelSelector=x&watch=true&resourceVersion=1 | watch | pods",
        "GET    | /api/v1/pods?limit=500 | list | pods",
        "GET    | /api/v1/namespaces/a/pods/b-0 | get | pods",
        "DELETE | /api/v1/namespaces/a/pods/b-0 | delete | pods",
        "DELETE | /api/v1/namespaces/a/pods?labelSelector=x | deletecollection | pods",
        "POST   | /api/v1/namespaces/a/pods/b-0/eviction | create | pods/eviction",
        "PATCH  | /apis/tensorfleet.io/v1alpha1/namespaces/a/workerpools/b/status | patch | workerpools/status",
        "GET    | /apis/tensorfleet.io/v1alpha1/workerpools | list | workerpools",
        "PUT    | /apis/coordination.k8s.io/v1/namespaces/a/leases/b | update | leases",
        "POST   | /apis/events.k8s.io/v1/namespaces/a/events | create | events",
        "GET    | /api/v1/namespaces/a | get | namespaces",
        "GET    | /version | get | other",
        "GET    | /apis/somebody.example/v1/namespaces/a/things/b | get | other",
        "BREW   | /api/v1/namespaces/a/pods | other | pods"
      })
  void aRequestIsNamedByItsVerbAndResource(
      String method, String uri, String verb, String resource) {
    assertThat(ApiCall.of(method, URI.create("https://10.96.0.1:443" + uri)))
        .isEqualTo(new ApiCall(verb, resource));
  }
}
