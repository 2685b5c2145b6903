SELECT
  "t11"."account_id",
  "t11"."leaf_0" AS "m0"
FROM (
  SELECT
    "t2"."account_id",
    "t2"."position",
    CASE
      WHEN DATE '2026-03-31' >= DATE '2025-04-01'
      THEN COALESCE(CAST("t10"."leaf_0" AS DOUBLE), 0.0)
      ELSE CAST(NULL AS DOUBLE)
    END AS "leaf_0"
  FROM "requested" AS "t2"
  LEFT OUTER JOIN (
    SELECT
      "t8"."account_id" AS "account_0",
      "t8"."leaf_0"
    FROM (
      SELECT
        "t7"."account_id",
        SUM("t7"."events") FILTER(WHERE
          "t7"."keep_0") AS "leaf_0"
      FROM (
        SELECT
          "t6"."account_id",
          "t6"."day",
          "t6"."feature",
          "t6"."events",
          "t6"."users",
          "t6"."value",
          "t6"."feature" IN ('it''s', 'MAKE_DATE(1000, 1, 1)') AS "keep_0"
        FROM (
          SELECT
            "t5"."account_id",
            "t5"."day",
            "t5"."feature",
            "t5"."events",
            "t5"."users",
            "t5"."value"
          FROM (
            SELECT
              *
            FROM "feature_days" AS "t1"
            WHERE
              "t1"."day" <= DATE '2026-03-31' AND "t1"."day" >= DATE '2026-03-25'
          ) AS "t5"
          SEMI JOIN "requested" AS "t3"
            ON "t5"."account_id" = "t3"."account_id"
        ) AS "t6"
      ) AS "t7"
      GROUP BY
        1
    ) AS "t8"
  ) AS "t10"
    ON "t2"."account_id" = "t10"."account_0"
) AS "t11"
ORDER BY
  "t11"."position" ASC;

SELECT
  "t2"."account_id",
  CAST("t2"."leaf_0" AS DOUBLE) AS "leaf_0"
FROM (
  SELECT
    "t1"."account_id",
    SUM("t1"."events") FILTER(WHERE
      "t1"."keep_0") AS "leaf_0"
  FROM (
    SELECT
      "t0"."account_id",
      "t0"."day",
      "t0"."feature",
      "t0"."events",
      "t0"."users",
      "t0"."value",
      "t0"."feature" IN ('it''s', 'MAKE_DATE(1000, 1, 1)') AS "keep_0"
    FROM "feature_days" AS "t0"
    WHERE
      "t0"."day" <= DATE '2026-03-31' AND "t0"."day" >= DATE '2026-03-25'
  ) AS "t1"
  GROUP BY
    1
) AS "t2";
