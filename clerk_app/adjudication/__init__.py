"""The engine: values in, an explained amount out; it reads no file, asks no clock and knows no database."""
