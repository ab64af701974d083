package cx.niro.agent.kubernetes;

import com.google.gson.JsonObject;
import cx.niro.agent.kubernetes.Item.Check;
import cx.niro.core.managed.ManifestObject;
import cx.niro.core.managed.ObjectRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at every object before the first is changed. */
final class Preflight {
  private final ManagedParts parts;
  private final Applier applier;
  private final List<Item> items = new ArrayList<>();

  Preflight(ManagedParts parts, Applier applier) {
    this.parts = parts;
    this.applier = applier;
  }

  /** All objects, each with what the API server says to it; it was changed by none. */
  List<Item> check(List<ManifestObject> objects) throws IOException {
    locate(objects);
    for (Item item : items) {
      if (item.check() == Check.READY && parts.course().ending() == null) {
        verify(item);
      }
    }
    return List.copyOf(items);
  }

  /** Reads the objects and finds out how their kinds are served. */
  List<Item> locate(List<ManifestObject> objects) throws IOException {
    objects.forEach(object -> items.add(read(object)));
    Set<String> seen = new HashSet<>();
    for (Item item : items) {
      if (item.check() != Check.INVALID) {
        locate(item);
      }
      String refusal = parts.ground().refusal(item.ref(), objectOf(item));
      if (refusal != null) {
        item.checked(Check.INVALID, refusal);
      } else if (item.check() != Check.INVALID && !seen.add(ManagedParts.key(item.ref()))) {
        item.checked(Check.INVALID, item.ref() + " is there twice");
      }
    }
    return items;
  }

  private static @Nullable JsonObject objectOf(Item item) {
    return item.check() == Check.INVALID ? null : item.manifest().object();
  }

  private Item read(ManifestObject written) {
    try {
      Manifest manifest = Manifest.parse(written, parts.deployment(), parts.namespace());
      return new Item(manifest.ref(), written.source(), manifest);
    } catch (IllegalArgumentException e) {
      ObjectRef unknown = new ObjectRef("", "", null, "");
      Item item = new Item(unknown, written.source(), null);
      item.checked(Check.INVALID, e.getMessage());
      return item;
    }
  }

  private void locate(Item item) throws IOException {
    ObjectRef ref = item.ref();
    ApiResource served = parts.discovery().find(ref.apiVersion(), ref.kind());
    if (served != null) {
      item.located(item.manifest().served(served));
      item.checked(Check.READY, null);
      return;
    }
    Item definition =
        items.stream()
            .filter(other -> other.check() != Check.INVALID && other.manifest().defines(ref))
            .findFirst()
            .orElse(null);
    if (definition == null) {
      item.checked(
          Check.INVALID,
          "the API server serves no %s of %s, and no CustomResourceDefinition of this deployment defines it"
              .formatted(ref.kind(), ref.apiVersion()));
    } else {
      item.located(item.manifest().served(definition.manifest().defined(ref)));
    }
  }

  private void verify(Item item) throws IOException {
    try {
      look(item);
      if (item.check() == Check.READY && !waitsForNamespace(item)) {
        var unused = applier.rehearse(item);
      }
    } catch (Applier.Contested e) {
      item.checked(Check.HOPELESS, e.getMessage());
    } catch (ApiFailure e) {
      judge(item, e);
    }
  }

  /** Finds the object in the cluster, and whether it may be touched. */
  void look(Item item) throws IOException {
    Json live = parts.calls().read(item.manifest().path());
    item.found(live == null ? null : live.tree());
    String refusal = live == null ? null : refusal(item.ref(), live);
    if (refusal != null) {
      item.checked(Check.HOPELESS, refusal);
    }
  }

  private @Nullable String refusal(ObjectRef ref, Json live) throws IOException {
    String own = parts.ground().refusal(ref, live.tree());
    String other = live.child("metadata").child("annotations").text(Manifest.DEPLOYMENT);
    if (own != null || other == null || other.equals(parts.deployment())) {
      return own;
    }
    return parts.isHeldBy(other, ref) ? "it belongs to the managed deployment " + other : null;
  }

  /** Nothing can be tried in a namespace that is made by this apply. */
  private boolean waitsForNamespace(Item item) {
    String namespace = item.ref().namespace();
    boolean made =
        items.stream()
            .filter(other -> other.stage() == Stage.NAMESPACES && other.live() == null)
            .anyMatch(other -> other.ref().name().equals(namespace));
    if (made && item.live() == null) {
      item.checked(Check.UNVERIFIED, null);
    }
    return made && item.live() == null;
  }

  private static void judge(Item item, ApiFailure e) throws ApiFailure {
    Refused refused = new Refused(e);
    ApiResource resource = item.manifest().resource();
    String message = resource == null ? null : refused.message(item.ref(), resource);
    if (refused.isInvalid() || refused.isMissingNamespace()) {
      item.checked(Check.INVALID, message);
    } else if (refused.isForbidden()) {
      item.checked(Check.HOPELESS, message);
    } else if (refused.isWebhook() || e.code() == 403 || e.code() == 409 || e.isAbsent()) {
      item.checked(Check.UNVERIFIED, message);
    } else {
      throw e;
    }
  }
}
