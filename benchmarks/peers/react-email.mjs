// The letter in React Email: content as JSON on standard input, HTML on standard output.
import { createElement as h } from "react";
import { Body, Button, Column, Container, Head, Heading, Hr, Html, Link, Preview, Row, Section, Text, render } from "react-email";
import { text } from "node:stream/consumers";

const d = JSON.parse(await text(process.stdin));
const font = "'Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR',sans-serif";
const ink = { color: "#1c2422", fontSize: 16, lineHeight: "28px", margin: "0 0 16px" };
const muted = { color: "#57625e", fontSize: 13, lineHeight: "22px", margin: 0 };
const accent = { color: "#0b6655", fontWeight: "bold" };
const paper = { backgroundColor: "#ffffff", padding: "24px 20px" };
const tint = { backgroundColor: "#edf4f0", padding: "24px 20px" };
const dark = `
@media (prefers-color-scheme:dark){
.ground{background-color:#131210 !important}.paper{background-color:#1d1b18 !important}.tint{background-color:#272622 !important}
.ink{color:#ebe6dd !important}.muted{color:#aca69b !important}.accent{color:#86d3bd !important}
.solid{background-color:#86d3bd !important;color:#12211c !important}}`;
const paragraphs = (all) => all.map((p) => h(Text, { className: "ink", style: ink }, p));

const story = (s) => h(Section, { className: "paper", style: paper },
  h(Hr, { style: { borderColor: "#d3dad6", margin: "0 0 24px" } }),
  h(Text, { className: "accent", style: { ...ink, ...accent } }, s.ordinal),
  h(Heading, { as: "h2", className: "ink", style: { ...ink, fontSize: 22, lineHeight: "32px" } }, s.heading),
  ...paragraphs(s.body),
  h(Section, { className: "tint", style: { ...tint, borderLeft: "4px solid #0b6655", padding: "16px 20px" } },
    h(Text, { style: { ...ink, margin: 0 } }, h(Link, { href: s.card.url, className: "accent", style: { ...accent, textDecoration: "underline" } }, s.card.title)),
    h(Text, { className: "ink", style: { ...ink, margin: 0 } }, s.card.summary),
    h(Text, { className: "muted", style: muted }, s.card.by)),
  h(Button, { href: s.button.url, className: "solid", style: { backgroundColor: "#0b6655", color: "#ffffff", borderRadius: 4, padding: "14px 28px", fontWeight: "bold", marginTop: 24 } }, s.button.label));

const letter = h(Html, { lang: "ko", dir: "ltr" },
  h(Head, null,
    h("title", null, d.subject),
    h("meta", { name: "color-scheme", content: "light dark" }),
    h("meta", { name: "supported-color-schemes", content: "light dark" }),
    h("style", { dangerouslySetInnerHTML: { __html: dark } })),
  h(Preview, null, d.preheader),
  h(Body, { className: "ground", style: { backgroundColor: "#eceeea", margin: 0, fontFamily: font } },
    h(Container, { style: { maxWidth: 600 } },
      h(Section, { className: "paper", style: { ...paper, borderTop: "4px solid #0b6655" } },
        h(Row, null,
          h(Column, null, h(Text, { className: "ink", style: { ...ink, fontSize: 24, fontWeight: "bold" } }, d.newsletter)),
          h(Column, { align: "right" }, h(Text, { className: "muted", style: muted }, d.month, h("br"), d.number))),
        h(Text, { className: "muted", style: muted }, d.tagline)),
      h(Section, { className: "paper", style: paper },
        h(Heading, { as: "h1", className: "ink", style: { ...ink, fontSize: 32, lineHeight: "40px" } }, d.title), ...paragraphs(d.intro)),
      ...d.stories.map(story),
      h(Section, { className: "tint", style: tint },
        h(Heading, { as: "h2", className: "ink", style: { ...ink, fontSize: 22, textAlign: "center" } }, d.figuresHeading),
        h(Row, null, ...d.figures.map((f) => h(Column, { align: "center", className: "tile" },
          h(Text, { className: "accent", style: { ...accent, fontSize: 34, lineHeight: "44px", margin: 0 } }, f.value),
          h(Text, { className: "ink", style: { ...ink, fontSize: 14 } }, f.label))))),
      h(Section, { className: "paper", style: paper },
        h(Text, { className: "ink", style: { ...ink, fontSize: 20, lineHeight: "34px", fontWeight: "bold" } }, d.quote),
        h(Text, { className: "muted", style: muted }, `— ${d.source}`)),
      h(Section, { className: "paper", style: paper }, ...paragraphs(d.closing)),
      h(Section, { className: "ground", style: { padding: "24px 20px" } },
        ...d.footer.map((line) => h(Text, { className: "muted", style: muted }, line)),
        h(Text, { style: muted }, h(Link, { href: d.wayOut, className: "muted", style: { color: "#57625e", textDecoration: "underline" } }, "수신 거부"))))));

process.stdout.write(await render(letter));
