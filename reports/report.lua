-- What Quarto does otherwise than trialkit's own engine, and has no setting for.

-- A figure becomes a part of the page: as a picture it would not find the typeface.
function Image(image)
  if quarto.doc.is_format("html") and image.src:match("%.svg$") then
    image.classes:insert("inline-svg")
    return image
  end
end

-- A word after an @ is text, as in an address, unless it is a label.
function Cite(cite)
  for _, citation in ipairs(cite.citations) do
    local kind = citation.id:match("^(%l+)%-")
    if kind == "fig" or kind == "tbl" or kind == "sec" then
      return nil
    end
  end
  return cite.content
end

-- What trialkit notes for itself is no Markdown: an @ in it is no reference.
function Meta(meta)
  meta.trialkit = nil
  return meta
end
