#include "api/sts/xml.h"

#include <gtest/gtest.h>

namespace hallmark::api {
namespace {

std::string text(std::string_view content) { return XmlWriter().element("a", content).take(); }

TEST(Xml, ElementsNest) {
  XmlWriter xml;
  xml.begin("A", "https://x/").begin("B").element("C", "d").element("N", 7).end("B").raw("<E/>");
  EXPECT_EQ(xml.end("A").take(), R"(<A xmlns="https://x/"><B><C>d</C><N>7</N></B><E/></A>)");
}

TEST(Xml, NothingInATextEndsIt) {
  EXPECT_EQ(text("</a><b x='1' y=\"2\">&"),
            "<a>&lt;/a&gt;&lt;b x=&apos;1&apos; y=&quot;2&quot;&gt;&amp;</a>");
}

TEST(Xml, PrintableTextStaysAsItIs) { EXPECT_EQ(text("caf\xc3\xa9 7"), "<a>caf\xc3\xa9 7</a>"); }

TEST(Xml, WhatXmlCannotCarryIsReplaced) {
  EXPECT_EQ(text(std::string_view("a\0b\x01z\nd", 7)), "<a>a?b?z?d</a>");
  EXPECT_EQ(text("\xff<\xc3 "), "<a>?&lt;? </a>");
  EXPECT_EQ(text("x\x7f"), "<a>x?</a>");
}

}  // namespace
}  // namespace hallmark::api
