package cx.niro.core.managed;

import cx.niro.core.snapshot.Text;

/**
 * A field that is in the manifest and left to somebody else.
 *
 * @param path for example {@code /spec/replicas}
 * @param manager whose it is, for example {@code kube-controller-manager}
 */
public record CededField(
    ObjectRef object, @Text(max = 512) String path, @Text(max = 253) String manager) {}
