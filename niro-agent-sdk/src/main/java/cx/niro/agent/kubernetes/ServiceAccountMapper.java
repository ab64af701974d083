package cx.niro.agent.kubernetes;

import cx.niro.core.snapshot.ServiceAccount;

/** A service account from its JSON. */
final class ServiceAccountMapper {
  private ServiceAccountMapper() {}

  static ServiceAccount map(Json account) {
    return new ServiceAccount(
        Metadata.of(account),
        account.flag("automountServiceAccountToken"),
        account.list("imagePullSecrets", secret -> secret.text("name")));
  }
}
