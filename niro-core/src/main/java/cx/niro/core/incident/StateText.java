package cx.niro.core.incident;

import cx.niro.core.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The spelling of a {@link DetectionState}: lines of fields, of which the first names the version.
 * Numbers are written in base 36, instants as milliseconds, absent fields as {@code -}. A scope
 * comes last in its line, because it may hold blanks. A line {@code q} goes on with the track
 * before it.
 */
final class StateText {
  private static final String VERSION = "niro-detection 1";
  private static final String ABSENT = "-";
  private static final int RADIX = 36;

  private StateText() {}

  /** Never throws: a text that is not understood is nothing remembered. */
  static Remembered read(String text) {
    String[] lines = text.split("\n", -1);
    if (!lines[0].equals(VERSION)) {
      return Remembered.nothing();
    }
    try {
      return new Reader().read(lines);
    } catch (RuntimeException e) {
      return Remembered.nothing();
    }
  }

  static String write(Remembered state) {
    StringBuilder out = new StringBuilder(VERSION);
    String clock = state.clockSeconds() == null ? ABSENT : number(state.clockSeconds());
    out.append("\nb ").append(instant(state.born())).append(' ').append(clock);
    out.append(' ').append(instant(state.watchedUntil()));
    state
        .tracks()
        .forEach(
            (type, tracks) -> tracks.forEach((scope, track) -> write(out, type, scope, track)));
    state.memories().forEach((type, memory) -> write(out, 'r', type, memory));
    state.changes().forEach((type, changes) -> write(out, 'f', type, changes));
    return out.toString();
  }

  private static void write(StringBuilder out, IncidentType type, Scope scope, Track track) {
    Track.Clearing clearing = track.clearing();
    Track.Freeze freeze = track.freeze();
    Track.Told told = track.told();
    out.append("\nt ").append(type.name());
    out.append(' ').append(instant(track.since())).append(' ').append(instant(track.seenAt()));
    out.append(' ').append(clearing == null ? ABSENT : clearing.gone() ? "gone" : "false");
    out.append(' ').append(instant(clearing == null ? null : clearing.since()));
    out.append(' ').append(instant(freeze == null ? null : freeze.at()));
    out.append(' ').append(instant(freeze == null ? null : freeze.unknownSince()));
    out.append(' ').append(told == null ? ABSENT : told.severity().wireName());
    if (told != null) {
      out.append(' ').append(number(told.summary())).append(' ').append(number(told.evidence()));
      out.append(' ').append(instant(told.at()));
    }
    out.append(' ').append(escape(scope.value()));
    if (!track.ties().equals(Track.Ties.NONE) || !track.quiet().equals(Track.Quiet.NONE)) {
      write(out, track.ties(), track.quiet());
    }
  }

  private static void write(StringBuilder out, Track.Ties ties, Track.Quiet quiet) {
    Fingerprint by = quiet.suppressedBy();
    out.append("\nq ").append(instant(ties.lastsUntil()));
    out.append(' ').append(by == null ? ABSENT : by.value());
    out.append(' ').append(instant(quiet.freeSince()));
    out.append(' ').append(instant(quiet.flapsSince()));
    ties.dependsOn().forEach(scope -> out.append(' ').append(word(scope.value())));
  }

  private static void write(
      StringBuilder out, char kind, IncidentType type, Map<Long, List<Long>> memory) {
    if (memory.isEmpty()) {
      return;
    }
    out.append('\n').append(kind).append(' ').append(type.name());
    memory.forEach(
        (key, numbers) -> {
          out.append("\nm ").append(number(key));
          numbers.forEach(value -> out.append(' ').append(number(value)));
        });
  }

  private static String instant(@Nullable Instant at) {
    return at == null ? ABSENT : number(at.toEpochMilli());
  }

  private static String number(long value) {
    return Long.toString(value, RADIX);
  }

  private static String escape(String text) {
    return text.replace("%", "%25").replace("\n", "%0A");
  }

  private static String word(String text) {
    return escape(text).replace(" ", "%20");
  }

  private static String unescape(String text) {
    return text.replace("%20", " ").replace("%0A", "\n").replace("%25", "%");
  }

  /** Throws whatever comes up on a text that {@link #write} did not make. */
  private static final class Reader {
    private Remembered state = Remembered.nothing();
    private Map<Long, List<Long>> memory = new TreeMap<>();
    private Map<Scope, Track> tracks = Remembered.byScope();
    private Scope newest = Scope.CLUSTER;

    Remembered read(String[] lines) {
      for (int i = 1; i < lines.length; i++) {
        line(new StringTokenizer(lines[i], " "));
      }
      return state;
    }

    private void line(StringTokenizer fields) {
      switch (fields.nextToken()) {
        case "b" -> head(fields);
        case "t" -> track(fields);
        case "q" -> tracks.computeIfPresent(newest, (scope, track) -> more(track, fields));
        case "r" -> memory = into(state.memories(), fields);
        case "f" -> memory = into(state.changes(), fields);
        case "m" -> memory.put(number(fields), numbers(fields));
        default -> throw new IllegalArgumentException("unknown kind of line");
      }
    }

    private static Map<Long, List<Long>> into(
        Map<IncidentType, Map<Long, List<Long>>> all, StringTokenizer fields) {
      return all.computeIfAbsent(new IncidentType(fields.nextToken()), any -> new TreeMap<>());
    }

    private void head(StringTokenizer fields) {
      Instant born = instant(fields);
      String clock = fields.nextToken();
      Long seconds = clock.equals(ABSENT) ? null : Long.valueOf(Long.parseLong(clock, RADIX));
      state =
          new Remembered(
              born, seconds, instant(fields), state.tracks(), state.memories(), state.changes());
    }

    private void track(StringTokenizer fields) {
      IncidentType type = new IncidentType(fields.nextToken());
      Instant since = required(fields);
      Instant seenAt = required(fields);
      String clears = fields.nextToken();
      Instant falseSince = instant(fields);
      Instant frozenAt = instant(fields);
      Instant unknownSince = instant(fields);
      Track.Told told = told(fields);
      Scope scope = new Scope(unescape(fields.nextToken("").substring(1)));
      Track track =
          new Track(
              since,
              seenAt,
              falseSince == null ? null : new Track.Clearing(falseSince, clears.equals("gone")),
              frozenAt == null ? null : new Track.Freeze(frozenAt, unknownSince),
              told,
              Track.Ties.NONE,
              Track.Quiet.NONE);
      tracks = state.tracks().computeIfAbsent(type, any -> Remembered.byScope());
      tracks.put(scope, track);
      newest = scope;
    }

    private static Track more(Track track, StringTokenizer fields) {
      Instant lastsUntil = instant(fields);
      String by = fields.nextToken();
      Fingerprint suppressedBy = by.equals(ABSENT) ? null : new Fingerprint(by);
      Track.Quiet quiet = new Track.Quiet(suppressedBy, instant(fields), instant(fields));
      List<Scope> dependsOn = new ArrayList<>();
      while (fields.hasMoreTokens()) {
        dependsOn.add(new Scope(unescape(fields.nextToken())));
      }
      return track.tied(new Track.Ties(lastsUntil, List.copyOf(dependsOn))).quiet(quiet);
    }

    private static Track.@Nullable Told told(StringTokenizer fields) {
      String severity = fields.nextToken();
      if (severity.equals(ABSENT)) {
        return null;
      }
      Severity known = Severity.valueOf(severity.toUpperCase(Locale.ROOT));
      return new Track.Told(known, number(fields), number(fields), required(fields));
    }

    private static Instant required(StringTokenizer fields) {
      return Instant.ofEpochMilli(number(fields));
    }

    private static @Nullable Instant instant(StringTokenizer fields) {
      String text = fields.nextToken();
      return text.equals(ABSENT) ? null : Instant.ofEpochMilli(Long.parseLong(text, RADIX));
    }

    private static long number(StringTokenizer fields) {
      return Long.parseLong(fields.nextToken(), RADIX);
    }

    private static List<Long> numbers(StringTokenizer fields) {
      List<Long> numbers = new ArrayList<>();
      while (fields.hasMoreTokens()) {
        numbers.add(number(fields));
      }
      return List.copyOf(numbers);
    }
  }
}
