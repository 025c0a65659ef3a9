-- Every word arrives in print character for character, as in trialkit's own engine: Typst
-- takes it as a string. In its markup `-?`, `-5`, `...` and quotes turn into others.
-- This runs after Quarto's own filters, which look for words.

function Str(word)
  if not quarto.doc.is_format("typst") or word.text:match("^[%w,()%%]*$") then
    return nil
  end
  local inner = word.text:gsub("\\", "\\\\"):gsub('"', '\\"')
  return pandoc.RawInline("typst", '#"' .. inner .. '";')
end
