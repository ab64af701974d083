package cx.niro.app.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a whole number from 1 on. */
final class AtLeastOne implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String text) {
    if (text.matches("0*[1-9][0-9]{0,8}")) {
      return Integer.valueOf(text);
    }
    throw new TypeConversionException("'" + text + "' is not a whole number of at least 1");
  }
}
